import type { Dialect } from '../../dialects/dialect.ts';
import { positionAt } from '../../dialects/sql/sql-text.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import type { SchemaFile } from '../../environment/read-schema-files.ts';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';

/**
 * Runs files that make a schema, each in a session of its own, so that none finds what another one set. Throws
 * schema.unreadable for a statement that fails, with its file and line.
 */
export async function runSqlFiles(
  files: readonly SchemaFile[],
  dialect: Dialect,
  { database, busyTimeoutMs }: Configuration,
): Promise<void> {
  for (const file of files) {
    const connection = await dialect.connect(database, { applicationName: 'aludel', busyTimeoutMs, readOnly: false });
    try {
      await dialect.schema.prepare(connection);
      for (const { sql, offset } of splitFile(file, dialect)) {
        await connection.query(sql).catch((error: unknown) => {
          throw failed(file, sql, offset, dialect, error);
        });
      }
    } finally {
      await connection.close();
    }
  }
}

/** What cannot be split names its line only. */
function splitFile({ path, text }: SchemaFile, dialect: Dialect): ReturnType<Dialect['splitStatements']> {
  try {
    return dialect.splitStatements(text);
  } catch (error) {
    if (!isAludelError(error)) throw error;
    const { where, hint, facts } = error;
    throw new AludelError(error.code, error.message, {
      where: `${path}, ${where ?? 'line 1'}`,
      hint,
      facts,
      cause: error,
    });
  }
}

function failed(
  { path, text }: SchemaFile,
  sql: string,
  offset: number,
  dialect: Dialect,
  error: unknown,
): AludelError {
  const { message, code, offset: inside } = dialect.explainError(error, sql);
  const { line } = positionAt(text, offset + (inside ?? 0));
  return new AludelError('schema.unreadable', `The schema cannot be made from ${path}: ${message}.`, {
    where: `${path}:${line}`,
    hint: 'The files run in the order of their names on an empty database; roles have to be on its server already.',
    facts: { code, line, sql },
    cause: error,
  });
}
