import type { Column, Table, TableItem } from '../../../schema/snapshot.ts';
import { usualNames } from '../operations/find-constraint.ts';
import { meaningOf } from './meaning.ts';
import {
  parseCreateTable,
  type ColumnText,
  type ConstraintText,
  type CreateTable,
} from '../operations/parse-create-table.ts';
import type { Span } from '../operations/token-cursor.ts';

/** A table from the text that created it; `idOfTable` knows the others. A key, a check or a reference is the same whether its column or the table has it. */
export function tableOf(id: string, name: string, sql: string, idOfTable: (name: string) => string | undefined): Table {
  const table = parseCreateTable(sql);
  const items = [
    ...table.columns.flatMap((column) => column.constraints.filter(isItem)),
    ...table.constraints.filter(isItem),
  ];
  const keyed = new Set(
    items.filter(({ kind }) => kind === 'primaryKey' && table.withoutRowid).flatMap(({ columns }) => columns),
  );
  return {
    kind: 'table',
    id,
    schema: null,
    name,
    owner: null,
    needs: [],
    columns: table.columns.map((column) => columnOf(table, column, keyed)),
    items: items.map((item) => itemOf(name, table, item)),
    options: optionsOf(sql),
    text: sql,
    refersTo: [...new Set(items.flatMap(({ references }) => idOfTable(references?.table ?? '') ?? []))],
  };
}

function isItem(constraint: ConstraintText): constraint is ConstraintText & Pick<TableItem, 'kind'> {
  return ['primaryKey', 'unique', 'check', 'foreignKey'].includes(constraint.kind);
}

function columnOf(table: CreateTable, column: ColumnText, keyed: ReadonlySet<string>): Column {
  const text = ({ start, end }: Span): string => table.text.slice(start, end);
  const of = (kind: ConstraintText['kind']): ConstraintText | undefined =>
    column.constraints.find((constraint) => constraint.kind === kind);
  const key = of('primaryKey');
  const generated = of('generated');
  const value = of('default');
  const type = column.type === null ? '' : text(column.type);
  return {
    name: column.name,
    type,
    nullable: of('notNull') === undefined && !keyed.has(column.name),
    default: value === undefined ? null : text(value.body).replace(/^DEFAULT\s*/i, ''),
    generated:
      generated?.expression == null ? null : { expression: text(generated.expression), stored: generated.stored },
    identity: key?.autoincrement == null ? null : 'AUTOINCREMENT',
    definition: [
      meaningOf(type),
      ...column.constraints
        .filter((constraint) => !isItem(constraint) && constraint.kind !== 'null' && constraint.kind !== 'empty')
        .map((constraint) => meaningOf(text(constraint.body), { keepCase: constraint.kind === 'default' }))
        .toSorted(),
    ]
      .filter((part) => part !== '')
      .join(' '),
    written: text({ start: column.nameSpan.end, end: column.span.end }).trim(),
  };
}

/** In the form that a constraint of the table has. */
function itemOf(name: string, table: CreateTable, item: ConstraintText & Pick<TableItem, 'kind'>): TableItem {
  const body = table.text.slice(item.body.start, item.body.end);
  const isOfTable = table.constraints.includes(item);
  const columns = `( ${item.columns.join(' , ')} ${item.descending ? 'desc ' : ''}${item.autoincrement === null ? '' : 'autoincrement '})`;
  const conflict = item.onConflict === null ? '' : ` ${table.text.slice(item.onConflict.start, item.onConflict.end)}`;
  const written = isOfTable
    ? body
    : item.kind === 'primaryKey'
      ? `primary key ${columns}${conflict}`
      : item.kind === 'unique'
        ? `unique ${columns}${conflict}`
        : item.kind === 'foreignKey'
          ? `foreign key ${columns} ${body}`
          : body;
  return {
    kind: item.kind,
    name: item.name,
    columns: item.kind === 'check' ? [] : item.columns,
    definition: `${item.name === null ? '' : `constraint ${meaningOf(JSON.stringify(item.name))} `}${meaningOf(written)}`,
    written: {
      text: body,
      column: isOfTable ? null : (item.columns[0] ?? null),
      findName: item.name ?? usualNames(name, table, item)[0] ?? '',
    },
  };
}

/** What stands behind the last parenthesis, STRICT and WITHOUT ROWID. */
function optionsOf(sql: string): Readonly<Record<string, string>> {
  const behind = meaningOf(sql.slice(sql.lastIndexOf(')') + 1));
  return {
    ...(/\bstrict\b/.test(behind) ? { STRICT: '' } : {}),
    ...(/\bwithout rowid\b/.test(behind) ? { 'WITHOUT ROWID': '' } : {}),
  };
}
