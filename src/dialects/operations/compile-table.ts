import type { Knex } from 'knex';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaBuilder } from '../../operations/schema-builder.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { correctBuild } from './correct-build.ts';
import type { Statement } from '../statement.ts';

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
  const corrections = correctBuild(operation, builder);
  const built =
    operation.kind === 'alterTable'
      ? target.alterTable(operation.table, corrections.build)
      : operation.ifNotExists
        ? createTableIfNotExists(target, operation.table, corrections.build)
        : target.createTable(operation.table, corrections.build);
  const compiled = [built.toSQL()].flat() as unknown as readonly CompiledStatement[];
  return compiled.map((part) => {
    if (part.output !== undefined || part.statementsProducer !== undefined) throw needsRebuild();
    const sql = corrections.fillIn(part.sql);
    builder.rules.checkNames(sql);
    return { sql, bindings: part.bindings ?? [] };
  });
}

/** knex's own createTableIfNotExists is the same compiler call behind a deprecation line on the console. */
function createTableIfNotExists(
  target: Knex.SchemaBuilder,
  table: string,
  build: (table: Knex.CreateTableBuilder) => void,
): Knex.SchemaBuilder {
  const created = target.createTable(table, build);
  const { _sequence: calls } = created as unknown as { readonly _sequence: { method: string }[] };
  for (const call of calls) if (call.method === 'createTable') call.method = 'createTableIfNotExists';
  return created;
}

export function needsAnswer(): AludelError {
  return new AludelError('migration.failed', 'knex can compile this change only by asking the database first.', {
    hint: 'Write it with op.batchAlterTable or op.execute.',
  });
}
