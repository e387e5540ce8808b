import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import type { Column, SchemaObject, Sequence, Table, TableItem } from '../../../schema/snapshot.ts';
import { becomesGenerated } from '../../schema/becomes-generated.ts';
import { alterRights } from '../../schema/granted-rights.ts';
import { narrowedColumns } from '../../schema/narrowed-columns.ts';
import { optionsText, sequenceText } from './create-object.ts';
import { quoteIdentifier } from '../quote.ts';
import { rightsText } from './rights-text.ts';

/** How an object becomes another one in place; null for what must be dropped and created. */
export function alterObject(from: SchemaObject, to: SchemaObject, _schemas: SchemaPair): Alteration | null {
  if (from.kind === 'table' && to.kind === 'table') return alterTable(from, to);
  if (from.kind === 'sequence' && to.kind === 'sequence') return alterSequence(from, to);
  if (from.kind === 'grant' && to.kind === 'grant') return alterRights(from, to, rightsText(to));
  if (to.kind === 'view') {
    const statements = to.definition.map((sql) => sql.replace(/^CREATE /, 'CREATE OR REPLACE '));
    return { statements, touched: [], loses: [] };
  }
  return null;
}

/**
 * Everything in one ALTER TABLE, so that a key may give way to another one of an AUTO_INCREMENT, and the table is rewritten
 * once at most. Foreign keys on what changes are dropped before and made again after.
 */
function alterTable(from: Table, to: Table): Alteration {
  const old = new Map(from.columns.map((column) => [column.name, column]));
  const wanted = new Map(to.columns.map((column) => [column.name, column]));
  const going = from.columns.filter((column) => {
    const now = wanted.get(column.name);
    return now === undefined || isVirtual(now) !== isVirtual(column);
  });
  const stays = ({ name }: Column): boolean => old.has(name) && !going.some((column) => column.name === name);
  // The text of a column leaves out the character set of its table.
  const recoded = ['DEFAULT CHARSET', 'COLLATE'].some((key) => from.options[key] !== to.options[key]);
  const changed = to.columns.filter((column) => {
    const before = old.get(column.name);
    return (
      before !== undefined && stays(column) && (before.definition !== column.definition || (recoded && isText(column)))
    );
  });
  const has = ({ items }: Table, item: TableItem): boolean =>
    items.some(({ definition }) => definition === item.definition);
  // A key on a column that goes has to be made again, and so has one that a block size of the table came into.
  const sizes = from.options['KEY_BLOCK_SIZE'] !== to.options['KEY_BLOCK_SIZE'];
  const isAnew = ({ kind, columns, definition }: TableItem): boolean =>
    (sizes && kind !== 'check' && kind !== 'period') ||
    going.some(
      ({ name }) => columns.includes(name) || (kind === 'check' && definition.includes(quoteIdentifier(name))),
    );
  const lost = from.items.filter((item) => !has(to, item) || isAnew(item));
  const gained = to.items.filter((item) => !has(from, item) || isAnew(item));
  const { 'PARTITION BY': partitions, ...options } = to.options;
  const versioning = 'WITH SYSTEM VERSIONING';
  const clauses = [
    ...lost.map(dropItem),
    ...going.map(({ name }) => `DROP COLUMN ${quoteIdentifier(name)}`),
    ...to.columns.flatMap((column, i) => {
      const text = `${quoteIdentifier(column.name)} ${column.definition}`;
      if (changed.includes(column)) return [`MODIFY COLUMN ${text}`];
      if (stays(column)) return [];
      const last = to.columns[i - 1];
      return [`ADD COLUMN ${text} ${last === undefined ? 'FIRST' : `AFTER ${quoteIdentifier(last.name)}`}`];
    }),
    ...gained.map(({ definition }) => `ADD ${definition}`),
    ...(from.options[versioning] !== undefined && to.options[versioning] === undefined
      ? ['DROP SYSTEM VERSIONING']
      : []),
    ...(from.options[versioning] === undefined && to.options[versioning] !== undefined
      ? ['ADD SYSTEM VERSIONING']
      : []),
    ...changedOptions(from, { ...to, options }),
  ];
  const table = `ALTER TABLE ${quoteIdentifier(to.name)}`;
  const touched = [...going, ...changed].map(({ name }) => name).concat(lost.flatMap(({ columns }) => columns));
  return {
    statements: [
      ...(clauses.length === 0
        ? []
        : keepingHistory(from, to, `${table}${clauses.map((clause) => `\n  ${clause}`).join(',')}`)),
      ...(from.options['PARTITION BY'] === partitions
        ? []
        : [partitions === undefined ? `${table} REMOVE PARTITIONING` : `${table}\nPARTITION BY ${partitions}`]),
    ],
    touched: [...new Set(touched)].map((part) => ({ object: from.id, part })),
    loses: [
      ...from.columns
        .filter((column) => going.includes(column) || becomesGenerated(column, wanted.get(column.name)))
        .map(({ name }) => `column ${name} of ${from.id}`),
      ...narrowedColumns(from, to),
    ],
  };
}

/** Nothing is stored in one of these, and no ALTER makes another kind of column of it. */
function isVirtual({ generated }: Column): boolean {
  return generated !== null && !generated.stored;
}

/** What happened to the rows of such a table before is changed only when asked for. */
function keepingHistory(from: Table, to: Table, sql: string): readonly string[] {
  const isVersioned = [from, to].every(({ options }) => options['WITH SYSTEM VERSIONING'] !== undefined);
  const set = 'SET SESSION system_versioning_alter_history';
  return isVersioned ? [`${set} = KEEP`, sql, `${set} = ERROR`] : [sql];
}

function isText({ type }: Column): boolean {
  return /^(?:var)?char|text|^enum|^set/i.test(type) && !/CHARACTER SET/i.test(type);
}

function dropItem({ kind, name }: TableItem): string {
  switch (kind) {
    case 'primaryKey':
      return 'DROP PRIMARY KEY';
    case 'check':
      return `DROP CONSTRAINT ${quoteIdentifier(name ?? '')}`;
    case 'period':
      return `DROP PERIOD FOR ${name === null ? 'SYSTEM_TIME' : quoteIdentifier(name)}`;
    default:
      return `DROP KEY ${quoteIdentifier(name ?? '')}`;
  }
}

/** What an option is when nobody sets it. One that is not here keeps its value for lack of a word to take it back. */
const usualOptions: Readonly<Record<string, string>> = {
  COMMENT: `''`,
  ROW_FORMAT: 'DEFAULT',
  MAX_ROWS: '0',
  MIN_ROWS: '0',
  CHECKSUM: '0',
  PACK_KEYS: 'DEFAULT',
  STATS_PERSISTENT: 'DEFAULT',
  KEY_BLOCK_SIZE: '0',
  STATS_AUTO_RECALC: 'DEFAULT',
  STATS_SAMPLE_PAGES: 'DEFAULT',
  AVG_ROW_LENGTH: '0',
  DELAY_KEY_WRITE: '0',
};

/** The character set and the collation only make sense together. */
function changedOptions(from: Table, to: Table): readonly string[] {
  const keys = Object.keys(to.options).filter(
    (key) => key !== 'WITH SYSTEM VERSIONING' && from.options[key] !== to.options[key],
  );
  const both = keys.some((key) => key === 'DEFAULT CHARSET' || key === 'COLLATE') ? ['DEFAULT CHARSET', 'COLLATE'] : [];
  const set = Object.fromEntries(
    [...new Set([...keys, ...both])].flatMap((key) => (to.options[key] === undefined ? [] : [[key, to.options[key]]])),
  );
  const reset = Object.entries(usualOptions).filter(
    ([key]) => from.options[key] !== undefined && to.options[key] === undefined,
  );
  const text = optionsText({ ...Object.fromEntries(reset), ...set }).trim();
  return text === '' ? [] : [text];
}

function alterSequence(from: Sequence, to: Sequence): Alteration {
  const changed = Object.entries(to.options).filter(([key, value]) => from.options[key] !== value && key !== 'ENGINE');
  const stops = from.options['CYCLE'] !== undefined && to.options['CYCLE'] === undefined;
  const text = [sequenceText(Object.fromEntries(changed)), ...(stops ? ['NOCYCLE'] : [])].join(' ').trim();
  const name = quoteIdentifier(to.name);
  return {
    statements: [
      ...(text === '' ? [] : [`ALTER SEQUENCE ${name} ${text}`]),
      ...(from.options['ENGINE'] === to.options['ENGINE']
        ? []
        : [`ALTER TABLE ${name} ENGINE=${to.options['ENGINE']}`]),
    ],
    touched: [],
    loses: [],
  };
}
