import { fields, flag, name, oneOf, optional, options, someOf, sql, text } from './argument-rules.ts';
import type { Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

export interface RoutineOptions extends TableOptions {
  /** Between the parentheses, as SQL: `a integer, b integer`. */
  readonly parameters?: string;
  readonly orReplace?: boolean;
}

export interface DropRoutineOptions extends TableOptions {
  /** PostgreSQL tells routines of one name apart by the types of their parameters: `integer, integer`. */
  readonly parameters?: string;
  readonly ifExists?: boolean;
  /** Drops what depends on it too. PostgreSQL. */
  readonly cascade?: boolean;
}

export interface TriggerOptions extends TableOptions {
  readonly timing: 'before' | 'after' | 'instead of';
  /** `insert`, `update`, `update of a, b`, `delete`, `truncate`. MySQL takes one. */
  readonly events: readonly string[];
  /** `row` unless given; only PostgreSQL has triggers for a statement. */
  readonly forEach?: 'row' | 'statement';
  /** Condition, as SQL. MySQL has none: put it into the body. */
  readonly when?: string;
  /** What it does: `EXECUTE FUNCTION touch()` on PostgreSQL, `BEGIN … END` on SQLite, a statement on MySQL. */
  readonly body: string;
  readonly orReplace?: boolean;
}

export interface DropTriggerOptions extends TableOptions {
  /** Needed on PostgreSQL, harmless elsewhere. */
  readonly table?: string;
  readonly ifExists?: boolean;
}

interface RoutineRecord {
  readonly name: string;
  readonly schema: string | null;
}

export interface CreateRoutine extends RoutineRecord, Omit<RoutineOptions, 'schema'> {
  readonly kind: 'createFunction' | 'createProcedure';
  /** All that follows the parameters. */
  readonly definition: string;
}

export interface DropRoutine extends RoutineRecord, Omit<DropRoutineOptions, 'schema'> {
  readonly kind: 'dropFunction' | 'dropProcedure';
}

export interface CreateTrigger extends RoutineRecord, Omit<TriggerOptions, 'schema'> {
  readonly kind: 'createTrigger';
  readonly table: string;
}

export type RoutineOperation =
  | CreateRoutine
  | DropRoutine
  | CreateTrigger
  | (RoutineRecord & { readonly kind: 'dropTrigger'; readonly table?: string; readonly ifExists?: boolean });

/** Functions, procedures and triggers. Their text is the database's own; SQLite has only triggers. */
export interface RoutineOperations {
  /** `op.createFunction('add', 'RETURNS integer LANGUAGE sql AS $$ SELECT a + b $$', { parameters: 'a integer, b integer' })` */
  createFunction(name: string, definition: string, options?: RoutineOptions): Promise<void>;
  dropFunction(name: string, options?: DropRoutineOptions): Promise<void>;
  createProcedure(name: string, definition: string, options?: RoutineOptions): Promise<void>;
  dropProcedure(name: string, options?: DropRoutineOptions): Promise<void>;
  createTrigger(name: string, table: string, options: TriggerOptions): Promise<void>;
  dropTrigger(name: string, options?: DropTriggerOptions): Promise<void>;
}

export function routineOperations(perform: (operation: RoutineOperation) => Promise<void>): RoutineOperations {
  return {
    createFunction: (name, definition, options) =>
      perform({ kind: 'createFunction', name, definition, ...settled(options) }),
    dropFunction: (name, options) => perform({ kind: 'dropFunction', name, ...settled(options) }),
    createProcedure: (name, definition, options) =>
      perform({ kind: 'createProcedure', name, definition, ...settled(options) }),
    dropProcedure: (name, options) => perform({ kind: 'dropProcedure', name, ...settled(options) }),
    createTrigger: (name, table, options) => perform({ kind: 'createTrigger', name, table, ...settled(options) }),
    dropTrigger: (name, options) => perform({ kind: 'dropTrigger', name, ...settled(options) }),
  };
}

const createRules = options<RoutineOptions>({ schema: name, parameters: text, orReplace: flag });
const dropRules = options<DropRoutineOptions>({ schema: name, parameters: text, ifExists: flag, cascade: flag });

export const routineSignatures: Signatures<RoutineOperations> = {
  createFunction: { name, definition: sql, options: createRules },
  dropFunction: { name, options: dropRules },
  createProcedure: { name, definition: sql, options: createRules },
  dropProcedure: { name, options: dropRules },
  createTrigger: {
    name,
    table: name,
    options: fields<TriggerOptions>({
      schema: optional(name),
      timing: oneOf('before', 'after', 'instead of'),
      events: someOf(sql),
      forEach: optional(oneOf('row', 'statement')),
      when: optional(sql),
      body: sql,
      orReplace: optional(flag),
    }),
  },
  dropTrigger: { name, options: options<DropTriggerOptions>({ schema: name, table: name, ifExists: flag }) },
};
