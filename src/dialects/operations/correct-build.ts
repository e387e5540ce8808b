import type { Knex } from 'knex';
import type { OperationOf } from '../../operations/operation.ts';
import type { BuildRules, SchemaBuilder } from '../../operations/schema-builder.ts';
import { keyOptions, withPlainName, type KeyStatement } from './key-options.ts';
import { cannot, words } from './render-parts.ts';

/** Internals of knex's table builder. Its types leave them out; the tests of operations pin them. */
interface TableInternals {
  readonly _statements: readonly TableStatement[];
  readonly _single: { comment?: string; engine?: string; charset?: string; collate?: string };
  readonly client: {
    formatter(builder: object): { wrap(name: string): string };
    tableCompiler(table: object): object;
    columnCompiler(table: object, column: object): { getColumnType(): string };
  };
}

type TableStatement =
  | { readonly grouping: 'columns'; readonly builder: ColumnInternals }
  | ({ readonly grouping: 'alterTable' } & KeyStatement)
  | { readonly grouping: 'checks'; readonly args: readonly unknown[] };

interface ColumnInternals {
  _type: string;
  _args: readonly unknown[];
  readonly _modifiers: Record<string, readonly unknown[]>;
}

export interface CorrectedBuild {
  readonly build: (table: Knex.CreateTableBuilder & Knex.AlterTableBuilder) => void;
  /** Puts the literals in where knex wrote their marks. */
  fillIn(sql: string): string;
}

/**
 * A build function whose description is put right before knex compiles it. knex escapes neither table comments nor the
 * values of an enum, writes a Date by its toString and JSON with its apostrophes, leaves out the default of a text on
 * MySQL and collations elsewhere, and takes a dot or " as " in a name for its own. Such a name is refused, and so is what
 * the database has not and knex would leave out; all else is rendered by the dialect.
 */
export function correctBuild(
  operation: OperationOf<'createTable' | 'alterTable'>,
  { knex, rules }: SchemaBuilder,
): CorrectedBuild {
  const literals: string[] = [];
  /** Stands in for a literal until knex has put it between quotes. */
  const markFor = (literal: string): string => `<<literal ${literals.push(literal) - 1}>>`;
  const rawOf = (sql: string): Knex.Raw => knex.raw(sql.replaceAll('?', String.raw`\?`));
  return {
    build(table) {
      const internals = table as unknown as TableInternals;
      operation.build(table);
      refuseName(operation.table, internals, rules);
      if (internals._single.comment !== undefined)
        internals._single.comment = markFor(rules.comment(internals._single.comment));
      for (const word of ['engine', 'charset', 'collate'] as const) words(internals._single[word] ?? word, word);
      for (const statement of internals._statements) {
        if (statement.grouping === 'columns') correctColumn(statement.builder, internals);
        else checkStatement(statement, internals, rules);
      }
    },
    fillIn: (sql) => sql.replace(/'<<literal (\d+)>>'/g, (_, index: string) => literals[Number(index)] ?? ''),
  };

  function correctColumn(column: ColumnInternals, table: TableInternals): void {
    const modifiers = column._modifiers;
    const [name, ...args] = column._args;
    refuseName(String(name), table, rules);
    const [comment] = modifiers['comment'] ?? [];
    if (typeof comment === 'string') modifiers['comment'] = [markFor(rules.comment(comment))];
    if (column._type === 'enu' || column._type === 'enum') {
      checkEnumName(args[1]);
      if (Array.isArray(args[0]))
        column._args = [name, args[0].map((value) => markFor(rules.enumValue(String(value)))), ...args.slice(1)];
    }
    const type = rules.types[column._type];
    if (type !== undefined) setType(column, type(...args));
    const [collation] = modifiers['collate'] ?? [];
    if (typeof collation === 'string') {
      setType(column, `${typeOf(column, table)} collate ${rules.collation(collation)}`);
      delete modifiers['collate'];
    }
    for (const [modifier, values] of Object.entries(modifiers)) {
      checkPlain(values[positionOfName[modifier] ?? -1]);
    }
    if (!('defaultTo' in modifiers)) return;
    const [value] = modifiers['defaultTo'] ?? [];
    if (value === undefined || value === null || isRaw(value)) {
      if (isRaw(value) && rules.defaultsInParentheses) moveDefault(column, table, value.toQuery());
      return;
    }
    const text = rules.literal(value);
    if (!rules.defaultsInParentheses || !moveDefault(column, table, text)) modifiers['defaultTo'] = [rawOf(text)];
  }

  /** Makes the default a part of the type where knex would leave it out. */
  function moveDefault(column: ColumnInternals, table: TableInternals, text: string): boolean {
    const type = typeOf(column, table);
    if (!/text|blob|json/i.test(type)) return false;
    delete column._modifiers['defaultTo'];
    setType(column, `${type} default (${text})`);
    return true;
  }
}

function typeOf(column: ColumnInternals, table: TableInternals): string {
  return table.client.columnCompiler(table.client.tableCompiler(table), column).getColumnType();
}

function setType(column: ColumnInternals, type: string): void {
  column._args = [column._args[0], type];
  column._type = 'specificType';
}

function isRaw(value: unknown): value is Knex.Raw {
  return typeof value === 'object' && value !== null && 'isRawInstance' in value;
}

function checkStatement(statement: TableStatement, table: TableInternals, rules: BuildRules): void {
  if (statement.grouping === 'checks') return checkPlain(statement.args[2]);
  if (statement.grouping !== 'alterTable') return;
  if (statement.method === 'check') {
    throw cannot(
      'knex cannot add a check to a table that is there.',
      "Write op.addConstraint('…', { kind: 'check', … }).",
    );
  }
  if (statement.method === 'dropChecks') {
    for (const name of statement.args.flat()) checkPlain(name);
    return;
  }
  for (const name of statement.args.flatMap(namesIn)) refuseName(name, table, rules);
  const options = keyOptions(statement);
  if (options !== null) {
    for (const word of [options.deferrable, options.indexType, options.method])
      words(word ?? 'none', 'option of a key');
    rules.checkKey(options);
    if (options.deferrable === undefined) withPlainName(statement);
  }
  for (const action of statement.args.flatMap(actionsIn)) {
    if (!/^[a-z ]+$/i.test(action))
      throw cannot(`"${action}" is no action of a foreign key.`, "Write 'CASCADE' or the like.");
  }
}

/** Columns and names of `index`, `unique`, `primary`, `foreign` and what drops or renames them. */
function namesIn(argument: unknown): readonly string[] {
  if (typeof argument === 'string') return [argument];
  if (Array.isArray(argument)) return argument.flatMap(namesIn);
  if (typeof argument !== 'object' || argument === null || isRaw(argument)) return [];
  const { column, keyName, indexName, constraintName, references } = argument as Record<string, unknown>;
  return [column, keyName, indexName, constraintName, references].flatMap(namesIn);
}

function actionsIn(argument: unknown): readonly string[] {
  if (typeof argument !== 'object' || argument === null) return [];
  const { onDelete, onUpdate } = argument as Record<string, unknown>;
  return [onDelete, onUpdate].filter((action) => typeof action === 'string');
}

/** knex trims a name, splits it at dots and at " as ", and takes `*` for all columns. */
function refuseName(name: string, { client }: TableInternals, { quoteIdentifier }: BuildRules): void {
  quoteIdentifier(name);
  const wrapped = client.formatter({ queryContext: () => undefined }).wrap(name);
  const quote = wrapped.slice(-1);
  if (wrapped.startsWith(quote) && wrapped.slice(1, -1).replaceAll(quote + quote, quote) === name) return;
  throw cannot(`knex cannot take "${name}" for a single name.`, 'Give it another name, or write op.execute.');
}

/** knex puts the name of an enum type between quotes as it is. */
function checkEnumName(options: unknown): void {
  const { enumName, schemaName } = (options ?? {}) as Record<string, unknown>;
  for (const name of [enumName, schemaName]) {
    if (typeof name === 'string' && name.includes('"'))
      throw cannot(`knex cannot name an enum type ${name}.`, 'Create it with op.createEnum.');
  }
}

/** Where the modifiers of a column take the name of their check. */
const positionOfName: Readonly<Record<string, number>> = {
  check: 2,
  checkPositive: 0,
  checkNegative: 0,
  checkIn: 1,
  checkNotIn: 1,
  checkBetween: 1,
  checkLength: 2,
  checkRegex: 1,
};

/** knex writes the name of a check without quotes. */
function checkPlain(name: unknown): void {
  if (typeof name !== 'string' || /^\w+$/.test(name)) return;
  throw cannot(`knex cannot name a check "${name}".`, "Write op.addConstraint('…', { kind: 'check', name: '…', … }).");
}
