import type { Column, Snapshot } from './snapshot.ts';

/**
 * What rows may have against the new type of a column, where the server refuses a value that has no place in it; null where it
 * surely takes all of them, and where it cuts or rounds, which is a loss.
 */
export function typeCaution(
  table: string,
  { name, type: from }: Column,
  { type: to }: Column,
  dialect: Snapshot['dialect'],
): string | null {
  const kept = optionsOf(to);
  const gone = optionsOf(from)?.filter((option) => kept?.includes(option) === false) ?? [];
  if (gone.length > 0) return `this fails while a row of ${table} has ${gone.join(' or ')} in ${name}`;
  const isLonger = lengthOf(from, dialect) > lengthOf(to, dialect);
  const isRefused = isLonger || isOutside(from, to) || digitsOf(from) > digitsOf(to);
  return isRefused ? `this fails while what a row of ${table} has in ${name} does not fit into ${to}` : null;
}

/** The values of an enum or a set of MySQL, as they are written. */
function optionsOf(type: string): readonly string[] | null {
  return /^(?:enum|set)\(/i.test(type) ? (type.match(/'(?:[^']|'')*'/g) ?? []) : null;
}

/** How long texts without a length of their own may be: characters on PostgreSQL, bytes on MySQL. */
const usualLengths: Readonly<Record<Snapshot['dialect'], Readonly<Record<string, number>>>> = {
  sqlite: {},
  postgresql: { text: Infinity, 'character varying': Infinity },
  mysql: { tinytext: 2 ** 8, text: 2 ** 16, mediumtext: 2 ** 24, longtext: 2 ** 32 },
};

/** How long a text is at most; NaN for what is no text, which is neither longer nor shorter than anything. */
function lengthOf(type: string, dialect: Snapshot['dialect']): number {
  const [, word = '', length] = /^([a-z ]*[a-z])(?:\((\d+)\))?(?: (?:COLLATE|CHARACTER SET) .*)?$/.exec(type) ?? [];
  if (/^(?:char|varchar|character|character varying)$/.test(word) && length !== undefined) return Number(length);
  return usualLengths[dialect][word] ?? NaN;
}

function isOutside(from: string, to: string): boolean {
  const [one, other] = [rangeOf(from), rangeOf(to)];
  return one !== null && other !== null && (one.least < other.least || one.most > other.most);
}

function rangeOf(type: string): { readonly least: number; readonly most: number } | null {
  const found = /^(tiny|small|medium|big)?int(?:eger)?\b(?!\[)/i.exec(type);
  if (found === null) return null;
  const bits = { tiny: 8, small: 16, medium: 24, big: 64 }[found[1] ?? ''] ?? 32;
  return /unsigned/i.test(type)
    ? { least: 0, most: 2 ** bits - 1 }
    : { least: -(2 ** (bits - 1)), most: 2 ** (bits - 1) - 1 };
}

/** How many digits a number has before its point. */
function digitsOf(type: string): number {
  const found = /^(?:numeric|decimal)(?:\((\d+)(?:,(-?\d+))?\))?(?!\[)/i.exec(type);
  if (found === null) return NaN;
  return found[1] === undefined ? Infinity : Number(found[1]) - Number(found[2] ?? 0);
}
