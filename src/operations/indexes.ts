import {
  condition,
  either,
  fields,
  flag,
  name,
  oneOf,
  optional,
  options,
  someOf,
  listOf,
  sql,
  wholeNumber,
} from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

/** What an index sorts by, beside a plain column's name. */
export type IndexPart = IndexOrder & ({ readonly column: string } | { readonly expression: string });

interface IndexOrder {
  readonly order?: 'asc' | 'desc';
  /** PostgreSQL. */
  readonly nulls?: 'first' | 'last';
  /** PostgreSQL, such as `text_pattern_ops`. */
  readonly operatorClass?: string;
  /** PostgreSQL and SQLite. */
  readonly collation?: string;
  /** Characters, or bytes, of the column that count. MySQL, where a text column needs it. */
  readonly length?: number;
}

export interface CreateIndexOptions extends TableOptions {
  /** Name of the index; without it `<table>_<columns>_index`, or `_unique`. An index on an expression needs one. */
  readonly name?: string;
  readonly unique?: boolean;
  readonly ifNotExists?: boolean;
  /** Condition of a partial index, as SQL. MySQL has none and refuses it. */
  readonly where?: string;
  /** Columns kept in the index without being part of its key. PostgreSQL. */
  readonly include?: readonly string[];
  /** `gin`, `gist`, `brin`, `hash` … on PostgreSQL; `btree`, `hash`, `fulltext` or `spatial` on MySQL. */
  readonly method?: string;
  /** Two NULLs count as equal in a unique index. PostgreSQL 15. */
  readonly nullsNotDistinct?: boolean;
  /**
   * Builds the index without keeping writers out. PostgreSQL: what came before is committed first, and an invalid index
   * that a failed build left is dropped. InnoDB always does so, SQLite never; there it changes nothing.
   */
  readonly concurrently?: boolean;
}

export interface DropIndexOptions extends TableOptions {
  /** The table the index is on: needed on MySQL, harmless elsewhere. */
  readonly table?: string;
  readonly ifExists?: boolean;
  /** Does not wait with a lock on the table. PostgreSQL; elsewhere it changes nothing. */
  readonly concurrently?: boolean;
  /** Drops what depends on the index too. PostgreSQL, not together with `concurrently`. */
  readonly cascade?: boolean;
}

export interface CreateIndex extends Omit<CreateIndexOptions, 'schema' | 'name'> {
  readonly kind: 'createIndex';
  readonly name: string;
  readonly table: string;
  readonly schema: string | null;
  readonly columns: readonly (string | IndexPart)[];
}

export type IndexOperation =
  | CreateIndex
  | (Omit<DropIndexOptions, 'schema'> & {
      readonly kind: 'dropIndex';
      readonly name: string;
      readonly schema: string | null;
    })
  | {
      readonly kind: 'renameIndex';
      readonly from: string;
      readonly to: string;
      readonly schema: string | null;
      /** MySQL finds an index only through its table. */
      readonly table?: string;
    };

export interface IndexOperations {
  /** `op.createIndex('users', ['email'])`, or `[{ expression: 'lower(email)' }]`, `[{ column: 'at', order: 'desc' }]`. */
  createIndex(
    table: string,
    columns: string | readonly (string | IndexPart)[],
    options?: CreateIndexOptions,
  ): Promise<void>;
  dropIndex(name: string, options?: DropIndexOptions): Promise<void>;
  /** SQLite cannot rename an index: it is created anew under the other name. */
  renameIndex(from: string, to: string, options?: TableOptions & { readonly table?: string }): Promise<void>;
}

export function indexOperations(perform: (operation: IndexOperation) => Promise<void>): IndexOperations {
  return {
    createIndex: (table, columns, options) => {
      const parts = typeof columns === 'string' ? [columns] : columns;
      const name = options?.name ?? usualName(table, parts, options?.unique ?? false);
      return perform({ kind: 'createIndex', table, columns: parts, ...settled(options), name });
    },
    dropIndex: (name, options) => perform({ kind: 'dropIndex', name, ...settled(options) }),
    renameIndex: (from, to, options) => perform({ kind: 'renameIndex', from, to, ...settled(options) }),
  };
}

/** As knex names them. Empty when an expression has no name to make one of. */
function usualName(table: string, parts: readonly (string | IndexPart)[], unique: boolean): string {
  const columns = parts.map((part) => (typeof part === 'string' ? part : 'column' in part ? part.column : null));
  return columns.includes(null) ? '' : `${table}_${columns.join('_')}_${unique ? 'unique' : 'index'}`;
}

const order = {
  order: optional(oneOf('asc', 'desc')),
  nulls: optional(oneOf('first', 'last')),
  operatorClass: optional(name),
  collation: optional(name),
  length: optional(wholeNumber),
};
const ofExpression = fields<Extract<IndexPart, { readonly expression: string }>>({ expression: sql, ...order });
const ofColumn = fields<Extract<IndexPart, { readonly column: string }>>({ column: name, ...order });

export const indexSignatures: Signatures<IndexOperations> = {
  createIndex: {
    table: name,
    columns: either(name, someOf(either(name, either(ofExpression, ofColumn)))),
    options: options<CreateIndexOptions>({
      schema: name,
      name,
      unique: flag,
      ifNotExists: flag,
      where: condition,
      include: listOf(name),
      method: name,
      nullsNotDistinct: flag,
      concurrently: flag,
    }),
  },
  dropIndex: {
    name,
    options: options<DropIndexOptions>({
      schema: name,
      table: name,
      ifExists: flag,
      concurrently: flag,
      cascade: flag,
    }),
  },
  renameIndex: {
    from: name,
    to: name,
    options: options<OptionsOf<IndexOperations['renameIndex']>>({ schema: name, table: name }),
  },
};
