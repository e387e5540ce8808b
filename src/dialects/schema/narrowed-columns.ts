import type { Table } from '../../schema/snapshot.ts';

/** What the columns of a table lose with their new types, as a change says it. */
export function narrowedColumns(from: Table, to: Table): readonly string[] {
  const wanted = new Map(to.columns.map((column) => [column.name, column]));
  return from.columns.flatMap(({ name, type, generated }) => {
    const now = wanted.get(name);
    if (now === undefined || generated !== null || now.generated !== null || !holdsLess(type, now.type)) return [];
    return [`column ${name} of ${from.id} beyond ${now.type}`];
  });
}

/**
 * Whether a type of PostgreSQL or MySQL certainly has no place for all that another one holds, and the server rounds or cuts
 * without an error. A number that is too large, and a text that is too long, mostly are errors.
 */
function holdsLess(from: string, to: string): boolean {
  if (from.startsWith('double') && /^(?:real|float)/.test(to)) return true;
  if (from === 'integer' && to === 'boolean') return true;
  const isShorter = (before: number | null, after: number | null): boolean =>
    before !== null && after !== null && after < before;
  return (
    isShorter(scaleOf(from), scaleOf(to)) ||
    isShorter(momentOf(from), momentOf(to)) ||
    isShorter(castLengthOf(from), lengthOf(to))
  );
}

/** How many digits a number has behind the point: any number of them where it floats. */
function scaleOf(type: string): number | null {
  if (/^(?:tiny|small|medium|big)?int(?:eger)?\b/.test(type)) return 0;
  const found = /^(?:numeric|decimal|real|float|double)\b[^(]*(?:\(\d+,(-?\d+)\))?/.exec(type);
  return found === null ? null : Number(found[1] ?? Infinity);
}

/** How many digits a date with its time has behind the seconds; less than none without the time. */
function momentOf(type: string): number | null {
  if (/^date\b/.test(type)) return -1;
  const found = /^(?:timestamp|datetime)(?:\((\d)\))?( with)?/.exec(type);
  return found === null ? null : Number(found[1] ?? (found[2] === undefined ? 0 : 6));
}

/** How long a value is at most as a text, where PostgreSQL casts it to one, which cuts. */
function castLengthOf(type: string): number | null {
  const widths: Readonly<Record<string, number>> = { smallint: 6, integer: 11, bigint: 20 };
  if (/^(?:text|character varying)\[\]/.test(type)) return Infinity;
  return widths[type] ?? (/\[\]/.test(type) ? lengthOf(type) : null);
}

function lengthOf(type: string): number | null {
  const found = /^character(?: varying)?\((\d+)\)/.exec(type);
  return found === null ? null : Number(found[1]);
}
