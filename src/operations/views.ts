import { flag, listOf, name, options, sql } from './argument-rules.ts';
import type { Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

export interface CreateViewOptions extends TableOptions {
  /** Names of the columns; without them those of the query. */
  readonly columns?: readonly string[];
  /** Replaces the view when it is there. PostgreSQL wants the old columns first, in their order. */
  readonly orReplace?: boolean;
  readonly ifNotExists?: boolean;
}

export interface CreateMaterializedViewOptions extends TableOptions {
  readonly columns?: readonly string[];
  readonly ifNotExists?: boolean;
  /** False leaves the view empty until it is refreshed. */
  readonly withData?: boolean;
}

export interface RefreshOptions extends TableOptions {
  /** Readers go on meanwhile; needs a unique index on the view. */
  readonly concurrently?: boolean;
  /** False empties the view. */
  readonly withData?: boolean;
}

export interface DropViewOptions extends TableOptions {
  readonly ifExists?: boolean;
  /** Drops what depends on the view too. PostgreSQL. */
  readonly cascade?: boolean;
}

interface ViewRecord {
  readonly view: string;
  readonly schema: string | null;
}

export interface CreateView extends ViewRecord, Omit<CreateViewOptions, 'schema'> {
  readonly kind: 'createView';
  readonly query: string;
}

export type ViewOperation =
  | CreateView
  | (ViewRecord &
      Omit<CreateMaterializedViewOptions, 'schema'> & {
        readonly kind: 'createMaterializedView';
        readonly query: string;
      })
  | (ViewRecord & Omit<RefreshOptions, 'schema'> & { readonly kind: 'refreshMaterializedView' })
  | (ViewRecord & Omit<DropViewOptions, 'schema'> & { readonly kind: 'dropView' | 'dropMaterializedView' });

/** Views of a query written in SQL. Materialized views are PostgreSQL's. */
export interface ViewOperations {
  createView(view: string, query: string, options?: CreateViewOptions): Promise<void>;
  dropView(view: string, options?: DropViewOptions): Promise<void>;
  createMaterializedView(view: string, query: string, options?: CreateMaterializedViewOptions): Promise<void>;
  refreshMaterializedView(view: string, options?: RefreshOptions): Promise<void>;
  dropMaterializedView(view: string, options?: DropViewOptions): Promise<void>;
}

export function viewOperations(perform: (operation: ViewOperation) => Promise<void>): ViewOperations {
  return {
    createView: (view, query, options) => perform({ kind: 'createView', view, query, ...settled(options) }),
    dropView: (view, options) => perform({ kind: 'dropView', view, ...settled(options) }),
    createMaterializedView: (view, query, options) =>
      perform({ kind: 'createMaterializedView', view, query, ...settled(options) }),
    refreshMaterializedView: (view, options) => perform({ kind: 'refreshMaterializedView', view, ...settled(options) }),
    dropMaterializedView: (view, options) => perform({ kind: 'dropMaterializedView', view, ...settled(options) }),
  };
}

const dropRules = { schema: name, ifExists: flag, cascade: flag };

export const viewSignatures: Signatures<ViewOperations> = {
  createView: {
    view: name,
    query: sql,
    options: options<CreateViewOptions>({ schema: name, columns: listOf(name), orReplace: flag, ifNotExists: flag }),
  },
  dropView: { view: name, options: options<DropViewOptions>(dropRules) },
  createMaterializedView: {
    view: name,
    query: sql,
    options: options<CreateMaterializedViewOptions>({
      schema: name,
      columns: listOf(name),
      ifNotExists: flag,
      withData: flag,
    }),
  },
  refreshMaterializedView: {
    view: name,
    options: options<RefreshOptions>({ schema: name, concurrently: flag, withData: flag }),
  },
  dropMaterializedView: { view: name, options: options<DropViewOptions>(dropRules) },
};
