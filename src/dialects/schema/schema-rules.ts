import type { ObjectRules, SchemaPair } from '../../schema/change.ts';
import type { Relation } from '../../schema/relation.ts';
import type { SchemaObject, Snapshot, Table } from '../../schema/snapshot.ts';
import type { Connection, DatabaseSettings } from '../connection.ts';

/** What is read beside the schema itself. */
export interface SchemaExtent {
  /** Who may do what, but for owners and, on MySQL, for the user who asks; SQLite has none. */
  readonly grants: boolean;
}

/** How a database reads and writes schemas as data. */
export interface SchemaRules extends ObjectRules {
  /** Whether schemas are inside a database; otherwise the schema of a table is another database, which a scratch one has not. */
  readonly schemasInside: boolean;
  /** Whether an object would go on naming a table, or a column of one, that gets another name. */
  breaksOnRename(object: SchemaObject, table: Table, column: string | null): boolean;
  /** The schema of the database, all at one moment, in a number of round trips that does not depend on what is in it. */
  introspect(connection: Connection, extent?: SchemaExtent): Promise<Snapshot>;
  /** Tables and views as programs see their rows; the snapshot is that of the same connection. */
  relations(connection: Connection, snapshot: Snapshot): Promise<readonly Relation[]>;
  /**
   * The statements that give what belongs to a table, which has its new name already, the names that it has in the target,
   * where it would else be made anew. `table` is its id in both.
   */
  renameBelongings(schemas: SchemaPair, table: string): readonly string[];
  /** Sets a session up to create things before what their bodies or references name. */
  prepare(connection: Connection): Promise<void>;
  /** The statements as a revision runs them, with what its session needs for them. */
  inRevision(statements: readonly string[]): readonly string[];
  /** A script of statements for the database's own client, which creates things in any order that respects their needs. */
  script(statements: readonly string[]): string;
  /** What makes that client stop at the first error, for a script that changes what is there; null where it does by itself. */
  readonly stopAtError: string | null;
  /**
   * Makes an empty database where the settings say, or else beside this one, and removes those that killed processes left.
   * `tell` hears what was started for it. Throws schema.no-scratch when it cannot be had.
   */
  createScratch(settings: DatabaseSettings, tell: (text: string) => void): Promise<Scratch>;
}

/** A database for a moment. */
export interface Scratch {
  readonly settings: DatabaseSettings;
  /** Removes it with everything in it. Connections to it must be closed. */
  remove(): Promise<void>;
}
