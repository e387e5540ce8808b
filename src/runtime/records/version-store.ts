import type { VersionChange } from '../../planner/migration-plan.ts';
import type { Connection, TableName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { byCodePoint } from '../../support/text.ts';
import { versionStatements } from './version-statements.ts';

/** The version table of one database: one row for each maximal applied revision, and nothing else. */
export interface VersionStore {
  /** The rows in code point order; none when the table does not exist. Never writes. */
  read(): Promise<readonly string[]>;
  /** Creates the table unless it exists. Call it only while the migration lock is held. */
  ensure(): Promise<void>;
  /** See {@link versionStatements}. */
  writing(change: VersionChange): readonly string[];
  /** Throws database.version-mismatch when a row that should go is not there: what made {@link writing} fail. */
  expectRows(change: VersionChange): Promise<void>;
}

export function createVersionStore(dialect: Dialect, connection: Connection, table: TableName): VersionStore {
  const name = dialect.quoteTable(table);
  return {
    async read() {
      const sql = `SELECT version_num FROM ${name}`;
      try {
        const { rows } = await connection.query(sql);
        return rows.map((row) => String(row['version_num'])).sort(byCodePoint);
      } catch (error) {
        const explained = dialect.explainError(error, sql);
        // Of a table in a schema that is not there MySQL 8 says only that.
        if (explained.kind === 'missing-table' || explained.kind === 'missing-database') return [];
        throw new AludelError('database.failed', `The version table ${name} cannot be read: ${explained.message}.`, {
          facts: { code: explained.code },
          cause: error,
        });
      }
    },
    async ensure() {
      for (const sql of dialect.createVersionTable(table)) await connection.query(sql);
    },
    writing: (change) => versionStatements(dialect, table, change),
    async expectRows({ remove, update }) {
      const { rows } = await connection.query(`SELECT version_num FROM ${name}`);
      for (const row of [...remove, ...update.map(({ from }) => from)]) {
        const found = rows.filter(({ version_num }) => version_num === row).length;
        if (found !== 1) throw rowMissing(name, row, found);
      }
    },
  };
}

function rowMissing(table: string, row: string, found: number): AludelError {
  return new AludelError(
    'database.version-mismatch',
    `The version table ${table} should hold the row "${row}" once; it was found ${found} times.`,
    {
      hint: 'Something else changed the version table during the run. What this step did was rolled back; look at the table, then run the same command again.',
      facts: { row, found },
    },
  );
}
