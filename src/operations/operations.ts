import type { Knex } from 'knex';
import { anything, callback, listOf, optional, text } from './argument-rules.ts';
import { accessOperations, accessSignatures, type AccessOperations } from './access.ts';
import { guarded, type Signatures } from './check-arguments.ts';
import { columnOperations, columnSignatures, type ColumnOperations } from './columns.ts';
import { commentOperations, commentSignatures, type CommentOperations } from './comments.ts';
import { dataOperations, dataSignatures, type DataOperations, type DataPort } from './data.ts';
import { enumOperations, enumSignatures, type EnumOperations } from './enums.ts';
import { indexOperations, indexSignatures, type IndexOperations } from './indexes.ts';
import { inspectSignatures, inspectThrough, type Inspect } from './inspect.ts';
import type { Operation } from './operation.ts';
import { routineOperations, routineSignatures, type RoutineOperations } from './routines.ts';
import { schemaOperations, schemaSignatures, type SchemaOperations } from './schemas.ts';
import { sequenceOperations, sequenceSignatures, type SequenceOperations } from './sequences.ts';
import { tableOperations, tableSignatures, type TableOperations } from './tables.ts';
import { viewOperations, viewSignatures, type ViewOperations } from './views.ts';

/** The rows a statement returned, as the driver returns them. */
export type ResultRows = readonly Readonly<Record<string, unknown>>[];

/** What a revision may know about the run it is part of. */
export interface RevisionContext {
  readonly dialect: 'sqlite' | 'postgresql' | 'mysql';
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  /** True when the statements are written into a script (`--sql`): no database answers. */
  readonly offline: boolean;
  /** The `-x key=value` pairs of the command line. */
  readonly x: Readonly<Record<string, string>>;
}

/**
 * What `upgrade(op)` and `downgrade(op)` receive. Every statement an operation causes runs on the same connection and
 * in the same transaction as the rest of the revision, in the order of the calls. Await each call: a revision that
 * returns while operations are still under way is refused. What a database cannot do is refused with what to do instead.
 */
export interface Operations
  extends
    TableOperations,
    ColumnOperations,
    IndexOperations,
    ViewOperations,
    EnumOperations,
    SequenceOperations,
    SchemaOperations,
    RoutineOperations,
    AccessOperations,
    CommentOperations,
    DataOperations {
  /**
   * Runs SQL: one statement with bindings (`?`; `$1`, `$2` … on PostgreSQL), or any number of statements without. Returns the
   * rows of the last statement. The text goes to the database untouched: `?` and `:x` inside it mean nothing.
   */
  execute(sql: string, bindings?: readonly unknown[]): Promise<ResultRows>;
  /**
   * Runs what the function does outside a transaction, for statements that cannot run inside one (CREATE INDEX
   * CONCURRENTLY, VACUUM). What came before is committed first. A run that is interrupted afterwards resumes after the
   * statements already carried out; the queries in between must not depend on anything but the database.
   */
  autocommit(work: () => Promise<void>): Promise<void>;
  /** Looks at the database as it is: `if (!(await op.inspect.hasColumn('users', 'phone'))) …`. */
  readonly inspect: Inspect;
  /** knex's query builder on the connection and transaction of this revision, for data migrations. */
  readonly knex: Knex;
  readonly context: RevisionContext;
  /** True when the statements are written into a script (`--sql`): `if (!op.offline) …`. */
  readonly offline: boolean;
}

/** What carries out the operations of a revision. `caller` is a stack taken at the call, to name the line in errors. */
export interface OperationsPort extends DataPort {
  /** Runs a structured operation. */
  perform(operation: Operation, caller: Error): Promise<void>;
  execute(sql: string, bindings: readonly unknown[] | null, caller: Error): Promise<ResultRows>;
  autocommit(work: () => Promise<void>, caller: Error): Promise<void>;
  inspect<T>(look: (inspect: Inspect) => Promise<T>, caller: Error): Promise<T>;
  readonly knex: Knex;
  readonly context: RevisionContext;
}

/** What a revision may call on `op` itself. */
type Calls = Omit<Operations, 'inspect' | 'knex' | 'context' | 'offline'>;

const signatures: Signatures<Calls> = {
  ...tableSignatures,
  ...columnSignatures,
  ...indexSignatures,
  ...viewSignatures,
  ...enumSignatures,
  ...sequenceSignatures,
  ...schemaSignatures,
  ...routineSignatures,
  ...accessSignatures,
  ...commentSignatures,
  ...dataSignatures,
  execute: { sql: text, bindings: optional(listOf(anything)) },
  autocommit: { work: callback },
};

/** The `op` of one revision and direction. Translates calls into {@link Operation} records; runs nothing itself. */
export function createOperations(port: OperationsPort): Operations {
  const perform = (operation: Operation): Promise<void> => port.perform(operation, calledHere());
  // Assigned, not spread: each revision gets its own, and V8 takes thirty times as long for a literal of many spreads.
  const calls: Calls = Object.assign(
    Object.assign(tableOperations(perform), columnOperations(perform), indexOperations(perform)),
    Object.assign(viewOperations(perform), enumOperations(perform), sequenceOperations(perform)),
    Object.assign(schemaOperations(perform), routineOperations(perform), accessOperations(perform)),
    Object.assign(commentOperations(perform), dataOperations(port, calledHere), {
      execute: (sql, bindings) => port.execute(sql, bindings ?? null, calledHere()),
      autocommit: (work) => port.autocommit(work, calledHere()),
    } satisfies Pick<Calls, 'execute' | 'autocommit'>),
  );
  const inspect = inspectThrough((look) => port.inspect(look, calledHere()));
  return guarded(
    'op',
    Object.assign(calls, {
      inspect: guarded('op.inspect', inspect, inspectSignatures),
      knex: port.knex,
      context: port.context,
      offline: port.context.offline,
    }),
    signatures,
  );
}

/** A stack that begins near the revision's own call. */
function calledHere(): Error {
  return new Error('called here');
}
