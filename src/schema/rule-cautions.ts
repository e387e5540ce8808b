import { assertNever } from '../support/assert-never.ts';
import type { SchemaPair } from './change.ts';
import { rowRulesOf, type RowRule } from './row-rules.ts';
import type { Column, Table } from './snapshot.ts';

/** What rows of a table may have against the rules that one object brings and that did not hold for them before. */
export function ruleCautions(
  object: string,
  before: Table,
  after: Table,
  { from, to }: SchemaPair,
): readonly { readonly rule: RowRule; readonly text: string }[] {
  const old = rowRulesOf(before, from);
  const columns = columnsOf(before, after);
  return rowRulesOf(after, to)
    .filter((rule) => rule.object === object && !holdsAnyhow(rule, old, columns))
    .map((rule) => ({ rule, text: cautionOf(rule, after.name) }));
}

function cautionOf({ kind, columns, isLax, shown }: RowRule, table: string): string {
  switch (kind) {
    case 'unique':
      return `this fails while two rows of ${table} have the same ${shown}`;
    case 'foreignKey':
      return `this fails while a row of ${table} has a ${columns.join(', ')} that ${shown} does not have`;
    case 'check':
      return `this ${isLax ? 'or a later change of the table ' : ''}fails while a row of ${table} does not meet ${shown}`;
    case 'exclusion':
      return `this fails while two rows of ${table} do not meet ${shown}`;
    default:
      return assertNever(kind);
  }
}

interface TableColumns {
  readonly known: readonly Column[];
  /** By name, those that were not there. */
  readonly fresh: ReadonlyMap<string, Column>;
}

function columnsOf(before: Table, after: Table): TableColumns {
  const names = new Set(before.columns.map((column) => column.name));
  const fresh = after.columns.filter((column) => !names.has(column.name));
  return { known: before.columns, fresh: new Map(fresh.map((column) => [column.name, column])) };
}

/** Whether rows that are there certainly meet a rule. */
function holdsAnyhow(rule: RowRule, old: readonly RowRule[], { known, fresh }: TableColumns): boolean {
  const likes = old.filter(({ kind }) => kind === rule.kind);
  if (likes.some(({ meaning }) => meaning === rule.meaning)) return true;
  const added = rule.columns.flatMap((column) => fresh.get(column) ?? []);
  switch (rule.kind) {
    case 'unique':
      if (/NULLS NOT DISTINCT/i.test(rule.definition)) return false;
      return (
        added.some((column) => isEmpty(column) || isNumbered(column)) || likes.some((other) => isWithin(other, rule))
      );
    case 'foreignKey':
      return added.some(isEmpty);
    case 'check':
      // A default that is at odds with a check of its own column is for no row to blame.
      return (
        likes.some(({ meaning }) => letsAllPass(meaning, rule.meaning)) ||
        !known.some(({ name }) => mentions(rule.meaning, name))
      );
    case 'exclusion':
      return false;
    default:
      return assertNever(rule.kind);
  }
}

/** Whether rows that differ in one key do in the other. A part of a text may be the same where the texts differ. */
function isWithin(one: RowRule, other: RowRule): boolean {
  const isWhole = one.columns.length > 0 && !/\bWHERE\b/i.test(one.definition) && !/\(\d+\)/.test(other.meaning);
  return isWhole && one.columns.every((column) => other.columns.includes(column));
}

/** Whether it is NULL in every row that is there. */
function isEmpty({ nullable, default: value, generated, identity }: Column): boolean {
  // MySQL writes out what is missing.
  return nullable && (value === null || value === 'NULL') && generated === null && identity === null;
}

/** Whether every row that is there gets a value of its own. */
function isNumbered({ identity, default: value }: Column): boolean {
  return identity !== null || /\bnextval\b|uuid/i.test(value ?? '');
}

function mentions(expression: string, column: string): boolean {
  return expression.toLowerCase().includes(column.toLowerCase());
}

const literal = String.raw`(?:'(?:[^']|'')*'|(?<![\w"])-?\d+(?:\.\d+)?)`;
const cast = String.raw`::[a-z ]+(?:\(\d+\))?`;
const value = String.raw`(?:\(${literal}(?:${cast})?\)${cast}|${literal}(?:${cast})?)`;
const values = new RegExp(`${value}(?:\\s*,\\s*${value})*`, 'gi');

/** Whether a check differs from another one only in that its lists have more values. */
function letsAllPass(from: string, to: string): boolean {
  const frame = to.replaceAll(values, '?');
  if (from.replaceAll(values, '?') !== frame || /\bNOT\b|<>|!=|\bALL\b/i.test(frame)) return false;
  const [one, other] = [from, to].map((text) => (text.match(values) ?? []).map(valuesIn));
  return one?.every((list, i) => list.every((item) => other?.[i]?.includes(item))) ?? false;
}

function valuesIn(list: string): readonly string[] {
  return list.match(new RegExp(value, 'gi')) ?? [];
}
