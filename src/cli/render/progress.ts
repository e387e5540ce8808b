import { assertNever } from '../../support/assert-never.ts';
import type { RunEvent } from '../../commands/invocation.ts';
import { outcomePaint } from './outcome-paint.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';

/** Puts a step that is under way on the line that its result will replace; only a terminal can do that. */
const eraseLine = '\r\u001b[K';

export interface ProgressStyle {
  readonly palette: Palette;
  readonly isTerminal: boolean;
}

/**
 * What to write to stderr for an event: one line for each finished step, and for a terminal also the step under way.
 *
 * `[ 3/12] upgrade  3f2a91c07b5e  add phone number  35 ms`
 */
export function progressText(event: RunEvent, { palette, isTerminal }: ProgressStyle): string {
  const start = isTerminal ? eraseLine : '';
  switch (event.kind) {
    case 'step-started':
      // Without the message: a line that wraps could not be replaced.
      return isTerminal ? `${start}${stepText({ ...event, message: '' }, palette)} ...` : '';
    case 'step-finished':
      return `${start}${stepText(event, palette)}  ${palette.muted(durationText(event.durationMs))}\n`;
    case 'backfill-progress':
      return `${start}${palette.revision(printable(event.revision))}: ${doneText(event)}${isTerminal ? ' ...' : '\n'}`;
    case 'revision-tested':
      return `${start}${testedText(event, palette)}  ${palette.muted(durationText(event.durationMs))}\n`;
    case 'waiting-for-database':
      return `${start}waiting for the database: ${printable(event.reason)}\n`;
    case 'waiting-for-lock':
      return `${start}waiting for the migration lock${event.holder === null ? '' : `, held by ${printable(event.holder)}`}\n`;
    case 'blocked':
      return `${start}${palette.revision(printable(event.revision))} waits for ${printable(event.blockers)}\n`;
    case 'retrying':
      return `${start}${palette.revision(printable(event.revision))} did not get through: ${printable(event.reason)}; retry ${event.attempt} of ${event.of} in ${durationText(event.delayMs)}\n`;
    case 'interrupted':
      return `${start}${palette.warning(printable(event.reason))}: stopping; a second signal ends the process at once\n`;
    case 'warning':
      return `${start}${palette.warning('warning:')} ${printable(event.text)}\n`;
    // What happens inside a step is for tests and programs: a person reads one line for each revision.
    case 'lock-obtained':
    case 'lock-released':
    case 'statement-started':
    case 'statement-announced':
    case 'statement-executed':
    case 'statement-recorded':
    case 'statement-skipped':
    case 'committing':
    case 'committed':
      return '';
    default:
      return assertNever(event);
  }
}

/** True when so many milliseconds have gone by since it last was, or since it was made. */
export function occasionally(everyMs: number, now: () => number): () => boolean {
  let last = now();
  return () => {
    if (now() - last < everyMs) return false;
    last = now();
    return true;
  };
}

/** "35 ms", "1.2 s", "3 min 5 s". */
export function durationText(milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  if (rounded < 1000) return `${rounded} ms`;
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "12,000 of about 48,000 rows (25 %)"; the estimate may be too small. */
function doneText({ rows, total }: Extract<RunEvent, { readonly kind: 'backfill-progress' }>): string {
  const changed = rows.toLocaleString('en-US');
  if (total === null || total < rows) return `${changed} rows`;
  const percent = total === 0 ? 100 : Math.floor((100 * rows) / total);
  return `${changed} of about ${total.toLocaleString('en-US')} rows (${percent} %)`;
}

function testedText(event: Extract<RunEvent, { readonly kind: 'revision-tested' }>, palette: Palette): string {
  const counter = `[${String(event.number).padStart(String(event.of).length)}/${event.of}]`;
  const message = event.message === '' ? '' : `  ${printable(event.message)}`;
  return `${palette.muted(counter)} ${outcomePaint(palette)[event.outcome](event.outcome)}  ${palette.revision(printable(event.revision))}${message}`;
}

function stepText(event: Extract<RunEvent, { readonly step: number }>, palette: Palette): string {
  const counter = `[${String(event.step).padStart(String(event.steps).length)}/${event.steps}]`;
  const message = event.message === '' ? '' : `  ${printable(event.message)}`;
  return `${palette.muted(counter)} ${event.direction}  ${palette.revision(printable(event.revision))}${message}`;
}
