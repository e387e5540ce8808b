import type { Dialect } from '../../dialects/dialect.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { inCreationOrder } from '../../schema/creation-order.ts';
import { findRename, type Rename } from '../../schema/rename.ts';
import { objectId, type SchemaObject, type Snapshot } from '../../schema/snapshot.ts';
import { applySchema } from './apply-schema.ts';
import { cannotRename } from './cannot-rename.ts';
import { withDatabase } from '../open-database.ts';
import { readSchema } from './read-schema.ts';
import { withScratch } from './with-scratch.ts';
import type { Watch } from '../invocation.ts';

/** A schema in which some things have their new names. */
export interface RenamedSchema {
  readonly schema: Snapshot;
  /** Views and triggers that would not follow the renames, with what stands on them: dropped before, and in this order. Not in the schema. */
  readonly dropped: readonly SchemaObject[];
  /** Each rename with its statements, in order; the last also has those of what is named after something renamed. */
  readonly steps: readonly RenameStep[];
}

export interface RenameStep {
  /** As it was asked for. */
  readonly rename: string;
  readonly statements: readonly string[];
}

/**
 * Renames tables and columns: `users:people`, `users.email:users.mail`, `app.users.email:mail`. The schema is made on a
 * scratch database, and the database itself finds what else names them. What is named after them gets the names that it has
 * in the target. Throws usage.invalid for what is not there.
 */
export async function withRenames(
  schema: Snapshot,
  renames: readonly string[],
  target: Snapshot,
  configuration: Configuration,
  watch: Watch,
): Promise<RenamedSchema> {
  if (renames.length === 0) return { schema, dropped: [], steps: [] };
  return await withScratch(configuration, watch, (scratch) =>
    withDatabase(scratch, { access: 'write', ...watch }, async ({ connection, dialect }) => {
      await applySchema(schema, connection, dialect);
      let current = schema;
      const steps: RenameStep[] = [];
      const dropped: SchemaObject[] = [];
      const tables = new Set<string>();
      for (const [i, text] of renames.entries()) {
        const rename = findRename(text, current);
        if (typeof rename === 'string') throw cannotRename(text, rename);
        const broken = brokenBy(rename, current, dialect);
        dropped.push(...broken);
        for (const sql of broken.flatMap((object) => dialect.schema.drop(object))) await connection.query(sql);
        const statements = [renameStatement(rename, dialect)];
        await connection.query(statements.join());
        current = await readSchema(connection, dialect, scratch);
        tables.delete(rename.table.id);
        tables.add(idAfter(rename));
        if (i === renames.length - 1) {
          for (const table of tables) {
            statements.push(...dialect.schema.renameBelongings({ from: current, to: target }, table));
          }
          for (const sql of statements.slice(1)) await connection.query(sql);
          current = await readSchema(connection, dialect, scratch);
        }
        steps.push({ rename: text, statements });
      }
      return { schema: current, dropped, steps };
    }),
  );
}

/** The schema as it was, but for the names: what was dropped for them is there. */
export function withDropped({ schema, dropped }: RenamedSchema): Snapshot {
  return { ...schema, objects: [...schema.objects, ...dropped] };
}

/** What would not follow, and what needs it, in an order in which it can be dropped. */
function brokenBy(
  { table, column }: Rename,
  { objects }: Snapshot,
  { schema: rules }: Dialect,
): readonly SchemaObject[] {
  const found = new Set<string>();
  for (const object of inCreationOrder(objects)) {
    const breaks = rules.breaksOnRename(object, table, column);
    if (breaks || object.needs.some((need) => found.has(need.object))) found.add(object.id);
  }
  return inCreationOrder(objects.filter(({ id }) => found.has(id))).toReversed();
}

function idAfter({ table: { id, schema }, column, to }: Rename): string {
  return column === null ? objectId('table', schema, to) : id;
}

function renameStatement(rename: Rename, dialect: Dialect): string {
  const table = dialect.quoteTable(rename.table);
  const to = dialect.quoteIdentifier(rename.to);
  return rename.column === null
    ? `ALTER TABLE ${table} RENAME TO ${to}`
    : `ALTER TABLE ${table} RENAME COLUMN ${dialect.quoteIdentifier(rename.column)} TO ${to}`;
}
