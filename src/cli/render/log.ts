import type { LogEntryReport, LogReport } from '../../commands/results.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { drawTable } from './table.ts';

/** A table of the journal, newest first; of one revision when its id was given. */
export function logText(report: LogReport, revision: string | null, palette: Palette): string {
  if (report.entries.length === 0) return nothingFound(report.database, revision);
  const rows = report.entries.map((entry) => [
    { text: printable(entry.at) },
    { text: printable(entry.event), paint: paintOf(entry, palette) },
    { text: printable(entry.revision ?? ''), paint: palette.revision },
    { text: entry.statement === null ? '' : String(entry.statement) },
    { text: entry.duration_ms === null ? '' : `${entry.duration_ms} ms` },
    { text: printable(entry.actor) },
    { text: shortened(printable((entry.sql ?? entry.message ?? '').replaceAll(/\s+/g, ' '))) },
  ]);
  return drawTable(['at', 'event', 'revision', 'statement', 'took', 'by', 'what'], rows, palette.strong).join('\n');
}

function nothingFound(database: string, revision: string | null): string {
  const journal = `The journal of ${printable(database)}`;
  return revision === null
    ? `${journal} is empty.`
    : `${journal} has nothing about revision ${printable(revision)}; it knows revisions by their full ids.`;
}

function paintOf({ event }: LogEntryReport, palette: Palette): (text: string) => string {
  if (event === 'failed' || event === 'refused') return palette.bad;
  return event === 'intent' ? palette.pending : palette.good;
}

/** A statement may be pages long; `--json` has all of it. */
function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
