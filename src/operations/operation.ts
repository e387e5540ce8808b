import type { Knex } from 'knex';

/** A value in a row to insert. */
export type RowValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly unknown[] | object;

/**
 * What a revision asked for, as data: every structured operation becomes one of these, and the dialect renders it.
 * Table names may be given as `schema.table` only through `schema`.
 */
export type Operation =
  | {
      readonly kind: 'createTable';
      readonly table: string;
      readonly schema: string | null;
      readonly ifNotExists: boolean;
      readonly build: (table: Knex.CreateTableBuilder) => void;
    }
  | {
      readonly kind: 'alterTable';
      readonly table: string;
      readonly schema: string | null;
      readonly build: (table: Knex.AlterTableBuilder) => void;
    }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly schema: string | null; readonly column: string }
  | { readonly kind: 'dropTable'; readonly table: string; readonly schema: string | null; readonly ifExists: boolean }
  | { readonly kind: 'renameTable'; readonly from: string; readonly to: string; readonly schema: string | null }
  | {
      readonly kind: 'createIndex';
      /** Null takes the name `<table>_<columns>_index`, or `_unique`. */
      readonly name: string | null;
      readonly table: string;
      readonly schema: string | null;
      readonly columns: readonly string[];
      readonly unique: boolean;
      readonly ifNotExists: boolean;
      /** Condition of a partial index, as SQL. */
      readonly where: string | null;
    }
  | {
      readonly kind: 'dropIndex';
      readonly name: string;
      /** MySQL finds an index only through its table. */
      readonly table: string | null;
      readonly schema: string | null;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'bulkInsert';
      readonly table: string;
      readonly schema: string | null;
      readonly rows: readonly Readonly<Record<string, RowValue | undefined>>[];
    };
