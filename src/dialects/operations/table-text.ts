import type { OperationOf } from '../../operations/operation.ts';
import { cannot, statement, type TextRules } from './render-parts.ts';
import type { Statement } from '../statement.ts';

type Quoting = Pick<TextRules, 'quoteTable'>;

/** CREATE TABLE … AS. */
export function createTableAs(operation: OperationOf<'createTableAs'>, { quoteTable }: Quoting): Statement {
  const { schema, table, query, ifNotExists = false } = operation;
  return statement('CREATE TABLE', ifNotExists && 'IF NOT EXISTS', quoteTable({ schema, name: table }), 'AS', query);
}

/** What DROP is about. */
export interface Dropped {
  readonly schema: string | null;
  readonly name: string;
  readonly ifExists?: boolean;
  readonly cascade?: boolean;
}

/** DROP with the words for what is dropped. */
export function drop(
  what: string,
  { schema, name, ifExists = false, cascade = false }: Dropped,
  { quoteTable }: Quoting,
): Statement {
  return statement('DROP', what, ifExists && 'IF EXISTS', quoteTable({ schema, name }), cascade && 'CASCADE');
}

/** Throws where there is no CASCADE: SQLite has not the word, and MySQL takes and ignores it. */
export function refuseCascade(database: string, { cascade = false }: { readonly cascade?: boolean }): void {
  if (!cascade) return;
  throw cannot(
    `${database} drops nothing that depends on what is dropped.`,
    'Drop that first, and leave out "cascade".',
  );
}
