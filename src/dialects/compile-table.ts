import type { Knex } from 'knex';
import type { Operation } from '../operations/operation.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { AludelError } from '../support/aludel-error.ts';
import type { Statement } from './statement.ts';

/** One entry of what knex compiles a schema builder to. `output` and `statementsProducer` need a live answer first. */
interface CompiledStatement {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  readonly output?: unknown;
  readonly statementsProducer?: unknown;
}

/**
 * The statements of a knex table builder, compiled without running anything. What knex could only compile by asking the
 * database first is answered by `needsRebuild`.
 */
export function compileTable(
  operation: Extract<Operation, { kind: 'createTable' | 'alterTable' }>,
  builder: SchemaBuilder,
  needsRebuild: () => AludelError,
): readonly Statement[] {
  const { schema } = builder.knex;
  const target = operation.schema === null ? schema : schema.withSchema(operation.schema);
  const built =
    operation.kind === 'alterTable'
      ? target.alterTable(operation.table, operation.build)
      : operation.ifNotExists
        ? createTableIfNotExists(target, operation)
        : target.createTable(operation.table, operation.build);
  const compiled = [built.toSQL()].flat() as unknown as readonly CompiledStatement[];
  return compiled.map((part) => {
    if (part.output !== undefined || part.statementsProducer !== undefined) throw needsRebuild();
    return { sql: part.sql, bindings: part.bindings ?? [] };
  });
}

/** knex's own createTableIfNotExists is the same compiler call behind a deprecation line on the console. */
function createTableIfNotExists(
  target: Knex.SchemaBuilder,
  operation: Extract<Operation, { kind: 'createTable' }>,
): Knex.SchemaBuilder {
  const created = target.createTable(operation.table, operation.build);
  const { _sequence: calls } = created as unknown as { readonly _sequence: { method: string }[] };
  for (const call of calls) if (call.method === 'createTable') call.method = 'createTableIfNotExists';
  return created;
}
