import type { SchemaObject } from '../../../schema/snapshot.ts';
import { quoteTable } from '../quote.ts';

/** The statements that drop an object that nothing needs any more. */
export function dropObject(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case 'table':
      return [`DROP TABLE ${quoteTable(object)}`];
    case 'sequence':
      return [`DROP SEQUENCE ${quoteTable(object)}`];
    case 'domain':
      return [`DROP DOMAIN ${quoteTable(object)}`];
    case 'enum':
    case 'composite':
      return [`DROP TYPE ${quoteTable(object)}`];
    default:
      return object.removal;
  }
}
