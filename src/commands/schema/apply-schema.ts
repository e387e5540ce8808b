import type { Connection } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { inCreationOrder } from '../../schema/creation-order.ts';
import type { SchemaObject, Snapshot } from '../../schema/snapshot.ts';
import { AludelError } from '../../support/aludel-error.ts';

/** Makes a schema in an empty database. Throws schema.no-role where it grants something to nobody. */
export async function applySchema(schema: Snapshot, connection: Connection, dialect: Dialect): Promise<void> {
  await dialect.schema.prepare(connection);
  for (const object of inCreationOrder(schema.objects)) {
    for (const sql of dialect.schema.create(object)) {
      await connection.query(sql).catch((error: unknown) => {
        throw object.kind === 'grant' ? noRole(object, dialect.explainError(error, sql).message, error) : error;
      });
    }
  }
}

function noRole(
  { grantee, name }: Extract<SchemaObject, { kind: 'grant' }>,
  reason: string,
  error: unknown,
): AludelError {
  return new AludelError('schema.no-role', `The rights of ${name} cannot be given on a scratch database: ${reason}.`, {
    where: grantee,
    hint: 'Roles and users belong to a server and are made by nobody but you: create them there, or leave out --grants.',
    facts: { grantee },
    cause: error,
  });
}
