import type { SchemaObject, Table } from '../../../schema/snapshot.ts';
import { quoteIdentifier } from '../quote.ts';

/** The statements that create an object. */
export function createObject(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case 'table':
      return [createTable(object)];
    case 'sequence':
      return [`CREATE SEQUENCE ${quoteIdentifier(object.name)} ${sequenceText(object.options)}`];
    case 'enum':
    case 'domain':
    case 'composite':
      throw new Error(`MySQL has no ${object.kind}`);
    default:
      return object.definition;
  }
}

function createTable({ name, columns, items, options }: Table): string {
  const parts = [
    ...columns.map((column) => `${quoteIdentifier(column.name)} ${column.definition}`),
    ...items.map(({ definition }) => definition),
  ];
  return `CREATE TABLE ${quoteIdentifier(name)} (${parts.map((part) => `\n  ${part}`).join(',')}\n)${optionsText(options)}`;
}

/** As they stand behind the parentheses, each with a blank before it. */
export function optionsText(options: Table['options']): string {
  return Object.entries(options)
    .map(([key, value]) =>
      value === '' ? ` ${key}` : key === 'PARTITION BY' ? `\n${key} ${value}` : ` ${key}=${value}`,
    )
    .join('');
}

export function sequenceText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => (key === 'ENGINE' ? `ENGINE=${value}` : `${key} ${value}`.trim()))
    .join(' ');
}

/** The statements that drop an object that nothing needs any more. */
export function dropObject(object: SchemaObject): readonly string[] {
  if ('removal' in object) return object.removal;
  return [`DROP ${object.kind === 'table' ? 'TABLE' : 'SEQUENCE'} ${quoteIdentifier(object.name)}`];
}
