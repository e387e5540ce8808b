import type { SettlingPlace } from './offline-rules.ts';
import type { ScriptFrame } from './script-rules.ts';
import { withoutControls } from './script-text.ts';

/** How every message begins with which a script stops at its opening. */
export const stopped = 'aludel stopped, nothing was changed: ';

/** What a script says when it stops. */
export interface ScriptStops {
  readonly ranAlready: string;
  /** Before and behind the rows that were found. */
  readonly found: string;
  readonly expected: string;
  /** Before and behind the step that was found: "upgrade b1". */
  readonly halfDone: string;
  readonly goOn: string;
  /** Before the holder of the lock. */
  readonly locked: string;
  readonly unfinished: string;
}

export function stopsOf({ from, to, idempotent }: ScriptFrame): ScriptStops {
  const target = revisionNames(to);
  const start = revisionNames(from ?? []);
  return {
    ranAlready: `${stopped}this script has run already, the version table holds ${target}`,
    found: `${stopped}the version table holds `,
    expected: idempotent
      ? `, which is not on the way from ${start} to ${target}`
      : `, this script starts from ${start}`,
    halfDone: stopped,
    goOn: idempotent
      ? ' is half done, which this script does not go on with'
      : ' is half done; aludel goes on with it, or a script written with --idempotent',
    locked: `${stopped}another migration is running: `,
    unfinished: `aludel: at the end of this script the version table does not hold ${target}`,
  };
}

export const noRevision = 'no revision';

function revisionNames(rows: readonly string[]): string {
  return rows.length === 0 ? noRevision : withoutControls(rows.join(', '));
}

/** Where a script may begin. */
export interface ScriptStart {
  readonly rows: readonly string[];
  /** The step that may be half done there, with its direction: "upgrade b1"; empty for none. */
  readonly step: string;
}

/** Every place where this script may begin; `from` is its only one unless it is idempotent. */
export function startsOf({ idempotent, steps, to }: ScriptFrame, from: readonly string[]): readonly ScriptStart[] {
  if (!idempotent) return [{ rows: from, step: '' }];
  const onTheWay = steps.map(({ rowsBefore, direction, revision }) => ({
    rows: rowsBefore,
    step: `${direction} ${revision}`,
  }));
  return [...onTheWay, { rows: to, step: '' }];
}

/** Events of the journal behind which nothing of a revision is open; see runtime/records/journal.ts. */
const finishing = "'applied', 'reverted', 'stamped'";

function lastFinished(journal: string): string {
  return `(SELECT COALESCE(MAX(id), 0) FROM ${journal} WHERE event IN (${finishing}))`;
}

/**
 * What follows SELECT to find the first statement, `begun`, of a revision that was begun and not finished, unless the
 * database refused it.
 */
export function firstUnfinished(journal: string): string {
  return (
    `FROM ${journal} begun WHERE begun.id > ${lastFinished(journal)} AND begun.statement IS NOT NULL ` +
    `AND begun.event <> 'refused' AND NOT EXISTS (SELECT 1 FROM ${journal} later WHERE later.id > begun.id ` +
    `AND later.event = 'refused' AND later.revision = begun.revision AND later.statement = begun.statement) ` +
    'ORDER BY begun.id LIMIT 1'
  );
}

/** SQL that is true when the journal says that a step is done, and that it was not undone or stamped away since. */
export function isDone(
  journal: string,
  { revision, direction }: NonNullable<ScriptFrame['passedOver']>,
  literal: (text: string) => string,
): string {
  const [done, undone] = direction === 'upgrade' ? ['applied', 'reverted'] : ['reverted', 'applied'];
  const name = literal(revision);
  return (
    `EXISTS (SELECT 1 FROM ${journal} made WHERE made.event = '${done}' AND made.revision = ${name} ` +
    `AND NOT EXISTS (SELECT 1 FROM ${journal} later WHERE later.id > made.id ` +
    `AND (later.event = 'stamped' OR (later.event = '${undone}' AND later.revision = ${name}))))`
  );
}

/** The question of an idempotent script that goes no further, with the commands that answer it. */
export function inDoubt({ statement, direction, revision }: SettlingPlace): string {
  return (
    `aludel stopped: did statement ${statement} of the ${direction} of ${withoutControls(revision)} take effect? If it did: ` +
    'aludel repair --assume-done, and this script again; if not: aludel repair --resume'
  );
}

/** SQL that is true when the last word on a statement of a half-done revision is an intent of which `condition` holds. */
export function isIntentLast(
  journal: string,
  { revision, direction, statement }: SettlingPlace,
  condition: string,
  literal: (text: string) => string,
): string {
  return (
    `EXISTS (SELECT 1 FROM ${journal} WHERE event = 'intent' AND ${condition} AND id = (SELECT MAX(id) FROM ${journal} ` +
    `WHERE id > ${lastFinished(journal)} AND revision = ${literal(revision)} AND direction = ${literal(direction)} ` +
    `AND statement = ${statement}))`
  );
}

/** SQL that is true unless a statement of a half-done revision is done; revision and direction are literals. */
export function isNotDone(journal: string, revision: string, direction: string, statement: number): string {
  return (
    `NOT EXISTS (SELECT 1 FROM ${journal} WHERE id > ${lastFinished(journal)} AND event = 'done' ` +
    `AND revision = ${revision} AND direction = ${direction} AND statement = ${statement})`
  );
}
