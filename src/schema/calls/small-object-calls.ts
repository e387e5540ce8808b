import type { SchemaObject, Sequence, Snapshot, Written } from '../snapshot.ts';
import { optionsOf, schemaOption } from './options.ts';
import { fields, opCall, textOf, textsOf, type Argument, type Call } from '../../support/typescript-text.ts';
import { NoPlainCall, sqlCursor, withoutParentheses } from './sql-cursor.ts';

/** What `op` calls the options of a sequence. */
const sequenceWords: Readonly<Record<string, string>> = {
  AS: 'type',
  'START WITH': 'start',
  'INCREMENT BY': 'increment',
  MINVALUE: 'min',
  MAXVALUE: 'max',
  CACHE: 'cache',
  CYCLE: 'cycle',
};

/** What MariaDB says of every sequence. */
const usualOfMariaDb: Readonly<Record<string, string>> = {
  'START WITH': '1',
  MINVALUE: '1',
  MAXVALUE: '9223372036854775806',
  'INCREMENT BY': '1',
  CACHE: '1000',
  ENGINE: 'InnoDB',
};

export function createSequenceCall({ name, schema, options }: Sequence, dialect: Snapshot['dialect']): Call {
  const told = Object.entries(options).filter(([key, value]) => dialect !== 'mysql' || usualOfMariaDb[key] !== value);
  return opCall('createSequence', textOf(name), optionsOf(schema, sequenceOptions(told)));
}

export function alterSequenceCall(from: Sequence, to: Sequence): Call {
  if (Object.keys(from.options).some((key) => to.options[key] === undefined))
    throw new NoPlainCall('an option that goes');
  const told = Object.entries(to.options).filter(([key, value]) => from.options[key] !== value);
  const options = sequenceOptions(told);
  // Another type and another start are for statements.
  if ('type' in options || 'start' in options) throw new NoPlainCall('the type of a sequence');
  return opCall('alterSequence', textOf(to.name), optionsOf(to.schema, options));
}

/** `op.alterSequence` for what ties a sequence to its column; without a tie for one that goes. */
export function sequenceOwnerCall({ name, schema, definition }: Written, isTied: boolean): Call {
  const cursor = sqlCursor(definition[0] ?? '');
  cursor.expect('ALTER', 'SEQUENCE');
  cursor.qualified();
  cursor.expect('OWNED', 'BY');
  const table = cursor.qualified();
  cursor.expect('.');
  const column = cursor.name();
  if (table.schema !== schema) throw new NoPlainCall('a table of another schema');
  const ownedBy = isTied ? fields({ table: textOf(table.name), column: textOf(column) }) : 'null';
  return opCall('alterSequence', textOf(name), optionsOf(schema, { ownedBy }));
}

function sequenceOptions(told: readonly (readonly [string, string])[]): Readonly<Record<string, Argument>> {
  return Object.fromEntries(
    told.map(([key, value]) => {
      const name = sequenceWords[key];
      if (name === undefined) throw new NoPlainCall('an option of a sequence');
      return [name, name === 'type' ? textOf(value) : name === 'cycle' ? 'true' : numberOf(value)];
    }),
  );
}

/** A number that TypeScript keeps to the last digit. */
function numberOf(value: string): string {
  return Number.isSafeInteger(Number(value)) ? value : `${value}n`;
}

/** `op.setComment`; null takes it away. */
export function commentCall(comment: Written, text: string | null): Call {
  const cursor = sqlCursor(comment.removal[0] ?? '');
  cursor.expect('COMMENT', 'ON');
  const words = [
    'MATERIALIZED VIEW',
    'COLUMN',
    'CONSTRAINT',
    'TRIGGER',
    'POLICY',
    'TABLE',
    'VIEW',
    'INDEX',
    'SEQUENCE',
    'TYPE',
    'SCHEMA',
    'EXTENSION',
  ];
  const kind = words.find((word) => cursor.accept(...word.split(' ')));
  const path = [cursor.name()];
  while (cursor.accept('.')) path.push(cursor.name());
  if (cursor.accept('ON')) {
    cursor.accept('TABLE');
    const { schema, name } = cursor.qualified();
    path.unshift(...(schema === null ? [] : [schema]), name);
  }
  cursor.expect('IS', 'NULL');
  const name = path.at(-1) ?? '';
  const isOnTable = ['COLUMN', 'CONSTRAINT', 'TRIGGER', 'POLICY'].includes(kind ?? '');
  const above = path.slice(0, -1);
  if (kind === undefined || (isOnTable && above.length === 0)) throw new NoPlainCall('a comment on something else');
  const on = fields({
    kind: kind === 'MATERIALIZED VIEW' ? `'materializedView'` : textOf(kind.toLowerCase()),
    table: isOnTable ? textOf(above.at(-1) ?? '') : undefined,
    name: textOf(name),
    schema: schemaOption(above.at(isOnTable ? -2 : -1) ?? null),
  });
  return opCall('setComment', on, text === null ? 'null' : textOf(text));
}

/** The text of a comment on PostgreSQL. */
export function textOfComment({ definition }: Written): string {
  const [sql = ''] = definition;
  const cursor = sqlCursor(sql.slice(sql.lastIndexOf(' IS ') + 4));
  const text = cursor.text();
  cursor.end();
  return text;
}

export function createPolicyCall({ name, schema, definition }: Written, table: SchemaObject | null): Call {
  const cursor = sqlCursor(definition[0] ?? '');
  cursor.expect('CREATE', 'POLICY');
  cursor.name();
  cursor.expect('ON');
  cursor.qualified();
  const as = cursor.accept('AS', 'RESTRICTIVE') ? `'restrictive'` : undefined;
  const command = cursor.accept('FOR') ? textOf(cursor.name().toLowerCase()) : undefined;
  cursor.expect('TO');
  const to = [cursor.name()];
  while (cursor.accept(',')) to.push(cursor.name());
  const using = cursor.accept('USING') ? textOf(withoutParentheses(cursor.inside())) : undefined;
  const withCheck = cursor.accept('WITH', 'CHECK') ? textOf(withoutParentheses(cursor.inside())) : undefined;
  cursor.end();
  const roles = to.join() === 'PUBLIC' ? undefined : textsOf(to);
  const options = optionsOf(schema, { as, for: command, to: roles, using, withCheck });
  return opCall('createPolicy', textOf(name), textOf(table?.name ?? ''), options);
}

export function createExtensionCall({ name, definition }: Written): Call {
  const schema = /WITH SCHEMA "?([^"]+)"?$/.exec(definition[0] ?? '')?.[1] ?? null;
  return opCall('createExtension', textOf(name), optionsOf(schema));
}
