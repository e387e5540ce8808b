import type { DialectName } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';

/** Asks for the scratch database by name, or for its file. */
export const nameOfDatabase: Readonly<Record<DialectName, string>> = {
  sqlite: 'SELECT file AS name FROM pragma_database_list',
  postgresql: 'SELECT current_database() AS name',
  mysql: 'SELECT DATABASE() AS name',
};

/** A statement that takes a minute unless it is cancelled. */
export const aMinute: Readonly<Record<DialectName, string>> = {
  sqlite:
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n',
  postgresql: 'SELECT pg_sleep(60)',
  mysql: 'SELECT SLEEP(60)',
};

/** The body of a revision that writes the name of its database into the file `reached`, and then takes a minute. */
export const waiting = (dialect: DialectName): string => `
  const { writeFileSync } = await import('node:fs');
  const [row] = await op.execute(${JSON.stringify(nameOfDatabase[dialect])});
  await op.execute('CREATE TABLE half_way (id INTEGER)');
  writeFileSync('reached', String(row?.['name']));
  await op.execute(${JSON.stringify(aMinute[dialect])});`;

/** Whether there is such a database beside this one. */
export async function opens(dialect: DialectName, url: string, name: string): Promise<boolean> {
  const settings = parseDatabaseUrl(url, '/');
  const { connectionString, ...rest } = settings.connection;
  const other = typeof connectionString === 'string' ? new URL(connectionString) : null;
  if (other !== null) other.pathname = `/${name}`;
  const connection = {
    ...rest,
    ...(dialect === 'sqlite' ? { filename: name } : { database: name }),
    ...(other === null ? {} : { connectionString: other.href }),
  };
  try {
    const rules = await dialectOf(dialect);
    const opened = await rules.connect(
      { ...settings, connection },
      { applicationName: 'test', busyTimeoutMs: 0, readOnly: true },
    );
    await opened.close();
    return true;
  } catch {
    return false;
  }
}
