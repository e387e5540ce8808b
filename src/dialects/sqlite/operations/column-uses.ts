import { listed } from '../../../support/text.ts';
import { isSignificant, keywordOf, tokensOf } from '../../sql/lexer.ts';
import { wordsOf } from '../../sql/statement-words.ts';
import { constraintsOf, namesOf } from './edit-create-table.ts';
import { sqliteRules } from '../lexical-rules.ts';
import { nameKey, sameName, type ColumnText, type ConstraintText, type CreateTable } from './parse-create-table.ts';
import type { StoredTable } from './read-table.ts';

/** What depends on a column that is to be dropped. */
export interface ColumnUses {
  /** In words: what concerns other columns too and would have to change with it. Views, and what triggers read, are SQLite's to find. */
  readonly blocking: readonly string[];
  /** Constraints of the table that are about this column alone, and go with it. */
  readonly constraints: readonly ConstraintText[];
  /** Names of indexes of this column alone, which go with it. */
  readonly indexes: readonly string[];
}

export function usesOf(stored: StoredTable, table: CreateTable, column: ColumnText): ColumnUses {
  const key = nameKey(column.name);
  const columns = new Set(table.columns.map(({ name }) => nameKey(name)));
  const blocking: string[] = [];
  const constraints: ConstraintText[] = [];
  const indexes: string[] = [];

  for (const constraint of constraintsOf(table)) {
    const own = column.constraints.includes(constraint);
    const concerned = concernedBy(table, constraint).filter((name) => columns.has(name));
    if (!own && !concerned.includes(key)) continue;
    if (constraint.kind === 'primaryKey') blocking.push('the primary key');
    else if (own) continue;
    else if (table.constraints.includes(constraint) && concerned.every((name) => name === key)) {
      constraints.push(constraint);
    } else blocking.push(inWords(table, constraint));
  }
  for (const { name, sql } of stored.indexes) {
    const concerned = namesOf(keyOfIndex(sql))
      .map((written) => written.key)
      .filter((written) => columns.has(written));
    if (!concerned.includes(key)) continue;
    if (concerned.every((other) => other === key)) indexes.push(name);
    else blocking.push(`index "${name}"`);
  }
  for (const { table: child, columns: from, parentColumns } of stored.referring) {
    const isOwn = sameName(child, stored.name) && from.length === 1 && sameName(from[0] ?? '', column.name);
    if (isOwn || parentColumns?.some((name) => sameName(name, column.name)) !== true) continue;
    blocking.push(`the foreign key of "${child}" (${from.join(', ')})`);
  }
  for (const { name, sql } of stored.triggers) {
    if (triggerNames(sql).has(key) || writes(sql, stored.name, key)) blocking.push(`trigger "${name}"`);
  }
  for (const { name, sql } of stored.triggersElsewhere) {
    if (writes(sql, stored.name, key)) blocking.push(`trigger "${name}"`);
  }
  return { blocking: [...new Set(blocking)], constraints, indexes };
}

/** Keys of the columns a constraint is about. */
function concernedBy({ text }: CreateTable, { kind, columns, expression }: ConstraintText): readonly string[] {
  if (kind === 'primaryKey' || kind === 'unique' || kind === 'foreignKey') return columns.map(nameKey);
  if (expression === null || kind === 'default') return [];
  return namesOf(text.slice(expression.start, expression.end)).map(({ key }) => key);
}

/** A constraint as an error names it. */
export function inWords({ text }: CreateTable, constraint: ConstraintText): string {
  const { kind, name, columns, expression } = constraint;
  const label = name === null ? '' : ` "${name}"`;
  switch (kind) {
    case 'primaryKey':
      return `the primary key${label} (${columns.join(', ')})`;
    case 'unique':
      return `the unique constraint${label} (${columns.join(', ')})`;
    case 'foreignKey':
      return `the foreign key${label} (${columns.join(', ')})`;
    case 'check':
      return `the check${label} (${expression === null ? '' : text.slice(expression.start, expression.end)})`;
    case 'generated':
      return `the generated column "${columns[0] ?? ''}"`;
    default:
      return `the constraint${label} of ${listed(columns)}`;
  }
}

/** The columns of an index, and its condition: everything from the first parenthesis on. */
function keyOfIndex(sql: string): string {
  for (const token of tokensOf(sql, sqliteRules)) {
    if (token.kind === 'symbol' && sql[token.start] === '(') return sql.slice(token.start);
  }
  return '';
}

/** Keys of the columns of its own table that a trigger names beyond doubt: UPDATE OF a, NEW.a, OLD.a. */
function triggerNames(sql: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { key, qualifier } of namesOf(sql)) if (qualifier === 'new' || qualifier === 'old') names.add(key);
  let from = -1;
  for (const token of tokensOf(sql, sqliteRules)) {
    if (!isSignificant(token)) continue;
    const keyword = keywordOf(sql, token);
    if (keyword === 'OF' && from < 0) from = token.end;
    if (keyword === 'BEGIN') break;
    if (keyword !== 'ON') continue;
    if (from >= 0) for (const { key } of namesOf(sql.slice(from, token.start))) names.add(key);
    break;
  }
  return names;
}

/**
 * Whether a trigger holds an INSERT or UPDATE of the table that names the column: SQLite looks through triggers for a
 * column that went, but not at what they assign to.
 */
function writes(sql: string, table: string, key: string): boolean {
  const body = /\bBEGIN\b/i.exec(sql);
  if (body === null) return false;
  return splitAtTerminators(sql.slice(body.index + body[0].length)).some((statement) => {
    const words = wordsOf(statement, sqliteRules, 6);
    const verb = words[0]?.keyword ?? '';
    if (verb !== 'UPDATE' && verb !== 'INSERT' && verb !== 'REPLACE') return false;
    const start = verb === 'UPDATE' ? 1 : words.findIndex(({ keyword }) => keyword === 'INTO') + 1;
    const target = words[words[start]?.keyword === 'OR' ? start + 2 : start]?.identifier;
    return target != null && sameName(target, table) && namesOf(statement).some((name) => name.key === key);
  });
}

function splitAtTerminators(sql: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (const token of tokensOf(sql, sqliteRules)) {
    if (token.kind !== 'terminator') continue;
    parts.push(sql.slice(start, token.start));
    start = token.end;
  }
  return parts;
}
