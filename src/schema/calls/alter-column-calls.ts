import { call, fields, opCall, textOf, type Argument, type Call, type Fields } from '../../support/typescript-text.ts';
import type { Change } from '../change.ts';
import type { Column, Snapshot, Table } from '../snapshot.ts';
import { plainType } from './column-calls.ts';
import { commentOf, optionsOf } from './options.ts';
import { NoPlainCall } from './sql-cursor.ts';

type Dialect = Snapshot['dialect'];

/** One table before and after. `change` has the statements that do the same. */
export interface AlteredTable {
  readonly from: Table;
  readonly to: Table;
  readonly dialect: Dialect;
  readonly change: Change;
}

/** `batch.alterColumn` with what differs; null when nothing does that is not a change of its own. */
export function alterColumnCall(to: Column, table: AlteredTable): Call | null {
  const { dialect, change } = table;
  const from = table.from.columns.find(({ name }) => name === to.name);
  const isNumbering = isOnlyNumbering(to.name, table);
  if (from === undefined || (from.definition === to.definition && !isNumbering)) return null;
  if (dialect === 'mysql') return call('batch', 'alterColumn', textOf(to.name), wholeDefinition(to));
  const isRetyped = dialect === 'sqlite' ? from.type.toLowerCase() !== to.type.toLowerCase() : from.type !== to.type;
  const isCast = isRetyped && dialect === 'postgresql';
  const told = fields({
    type: isRetyped ? textOf(plainType(to.type, dialect)) : undefined,
    using: isCast ? usingOf(to, change) : undefined,
    collation: collationOf(from, to, dialect),
    nullable: from.nullable === to.nullable ? undefined : String(to.nullable),
    default: keepsDefault(from, to, isCast) ? undefined : defaultOf(to.default, dialect),
    generated: generatedOf(from, to),
    identity: dialect === 'postgresql' ? identityOf(from, to) : undefined,
    autoincrement: isNumbering ? String(to.identity !== null) : undefined,
  });
  if (told.entries.length > 0) return call('batch', 'alterColumn', textOf(to.name), told);
  if (dialect === 'postgresql' && from.identity !== to.identity) return null;
  throw new NoPlainCall('an attribute of a column');
}

/** Whether the key of SQLite on a column only gains or loses AUTOINCREMENT, which `alterColumn` says. */
export function isOnlyNumbering(column: string, { from, to, dialect }: AlteredTable): boolean {
  const [before, after] = [from, to].map(({ columns, items }) => ({
    identity: columns.find(({ name }) => name === column)?.identity,
    key: items.find(({ kind, columns: own }) => kind === 'primaryKey' && own.join() === column)?.definition,
  }));
  const isSameKey = before?.key?.replace(' autoincrement', '') === after?.key?.replace(' autoincrement', '');
  return dialect === 'sqlite' && before?.identity !== after?.identity && before?.key !== undefined && isSameKey;
}

/** MODIFY COLUMN repeats all of a definition: where all of it is said, a script has nothing to ask. */
function wholeDefinition(to: Column): Fields {
  const type = plainType(to.type, 'mysql');
  const isText = /^(?:var)?char|^(?:tiny|medium|long)?text|^enum|^set/.test(type);
  return fields({
    type: textOf(type),
    collation: isText && !/ (?:CHARACTER SET|COLLATE) /.test(type) ? 'null' : undefined,
    nullable: String(to.nullable),
    default: defaultOf(to.default, 'mysql'),
    autoincrement: /^(?:tiny|small|medium|big)?int|^float|^double/.test(type)
      ? String(to.identity !== null)
      : undefined,
    comment: commentIn(to),
  });
}

/**
 * What `alterColumn` has no word for on MySQL, such as ON UPDATE or INVISIBLE, or cannot say all of without asking the
 * server: the column as it is to be.
 */
export function modifyColumnCall(to: Column, { from, to: { name }, dialect }: AlteredTable): Call | null {
  const before = from.columns.find((column) => column.name === to.name);
  if (dialect !== 'mysql' || before === undefined || before.definition === to.definition) return null;
  if ([before, to].every((column) => isExplained(column) && canBeWhole(column))) return null;
  const quoted = (text: string): string => `\`${text.replaceAll('`', '``')}\``;
  const sql = `ALTER TABLE ${quoted(name)} MODIFY COLUMN ${quoted(to.name)} ${to.definition}`;
  return opCall('execute', textOf(sql));
}

/** A time may have ON UPDATE, and what a generated column may have beside its expression depends on the server. */
function canBeWhole({ type, generated }: Column): boolean {
  return generated === null && !/^(?:timestamp|datetime)/.test(type);
}

function isExplained({ type, nullable, default: value, generated, identity, definition }: Column): boolean {
  const comment = /\bCOMMENT '(?:[^'\\]|'')*'$/.exec(definition)?.[0];
  const parts = [
    type,
    generated && `GENERATED ALWAYS AS (${generated.expression}) ${generated.stored ? 'STORED' : 'VIRTUAL'}`,
    nullable ? (type === 'timestamp' ? 'NULL' : null) : 'NOT NULL',
    value === null ? null : `DEFAULT ${value}`,
    identity,
    comment,
  ];
  return parts.filter((part) => part != null).join(' ') === definition && !/^b'|\\/.test(value ?? '');
}

/** A default of the old type is set again as one of the new type. MySQL says NULL where there is none. */
function keepsDefault(from: Column, to: Column, isCast: boolean): boolean {
  const [before, after] = [from, to].map(({ default: value }) => (value === 'NULL' ? null : value));
  return before === after && (!isCast || after === null);
}

/** As the statement has it, which knows what casts there are; undefined for those that the server makes by itself. */
function usingOf({ name, type }: Column, { statements }: Change): string | undefined {
  const begin = `ALTER COLUMN "${name.replaceAll('"', '""')}" TYPE ${type}`;
  const lines = statements.flatMap((sql) => sql.split('\n').map((line) => line.trim().replace(/,$/, '')));
  const line = lines.find((text) => text === begin || text.startsWith(`${begin} USING `));
  if (line === undefined) throw new NoPlainCall('a type');
  return line === begin ? undefined : textOf(line.slice(`${begin} USING `.length));
}

/** Inside of the type everywhere but on SQLite. */
function collationOf(from: Column, to: Column, dialect: Dialect): string | undefined {
  if (dialect !== 'sqlite') return undefined;
  const [before, after] = [from, to].map(({ definition }) => /\bcollate (\w+)/.exec(definition)?.[1]);
  if (before === after) return undefined;
  return after === undefined ? 'null' : textOf(after.toUpperCase());
}

function generatedOf(from: Column, to: Column): Argument | undefined {
  if (JSON.stringify(from.generated) === JSON.stringify(to.generated)) return undefined;
  if (to.generated === null) return 'null';
  const { expression, stored } = to.generated;
  return fields({ expression: textOf(expression), stored: stored ? 'true' : undefined });
}

/** ALWAYS or BY DEFAULT; other changes of an identity come by themselves. */
function identityOf(from: Column, to: Column): string | undefined {
  const options = ({ identity }: Column): string | undefined =>
    identity?.replace(/^GENERATED (?:ALWAYS|BY DEFAULT)/, '');
  if (from.identity === to.identity || to.identity === null || options(from) !== options(to)) return undefined;
  return to.identity.startsWith('GENERATED ALWAYS') ? `'always'` : `'by default'`;
}

/** SQL, or the value itself, which SQLite keeps apart. */
function defaultOf(value: string | null, dialect: Dialect): Argument {
  if (value === null || value === 'NULL') return 'null';
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(value)) return value;
  if (dialect === 'postgresql' && (value === 'true' || value === 'false')) return value;
  const text = /^'((?:[^'\\]|'')*)'(?:::(?:text|character varying))?$/.exec(value)?.[1];
  if (text !== undefined) return textOf(text.replaceAll("''", "'"));
  return fields({ sql: textOf(dialect === 'sqlite' && /^\(.*\)$/s.test(value) ? value.slice(1, -1) : value) });
}

function commentIn({ definition }: Column): string {
  const comment = /\bCOMMENT ('(?:[^'\\]|'')*')$/.exec(definition)?.[1];
  return comment === undefined ? 'null' : textOf(commentOf(comment));
}

/** Before everything else an identity may go, and after it come: changes of their own, null for any other. */
export function identityCall({ to, change }: AlteredTable): Call | null {
  const [sql = ''] = change.statements;
  if (sql.startsWith('SELECT pg_catalog.setval(')) throw new NoPlainCall('the next number of a sequence');
  const form =
    /^ALTER TABLE .* ALTER COLUMN ("(?:[^"]|"")+") (DROP IDENTITY|ADD GENERATED (ALWAYS|BY DEFAULT) AS IDENTITY)( \(.*\))?$/.exec(
      sql,
    );
  if (form === null) return null;
  const [, column = '', action, kind = '', more] = form;
  if (more !== undefined) throw new NoPlainCall('options of an identity');
  const identity = action === 'DROP IDENTITY' ? 'null' : textOf(kind.toLowerCase());
  const name = textOf(column.slice(1, -1).replaceAll('""', '"'));
  return opCall('alterColumn', textOf(to.name), name, fields({ identity }), optionsOf(to.schema));
}
