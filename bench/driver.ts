import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Command } from './measure.ts';

/** Opens a database with the package and gives `run(sql)`, a promise of its end, and `close()`. */
const programs = {
  sqlite3: `const database = new driver.Database(target);
const run = (sql) => new Promise((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
const close = () => database.close();`,
  pg: `const client = new driver.Client(target);
const opened = client.connect();
const run = async (sql) => { await opened; await client.query(sql); };
const close = () => client.end();`,
  mysql2: `const connection = driver.createConnection({ uri: target });
const run = (sql) => new Promise((resolve, reject) => connection.query(sql, (error) => (error ? reject(error) : resolve())));
const close = () => connection.end();`,
} as const;

/**
 * A Node that sends these statements through the driver, each when the one before it has been answered: what no tool that
 * awaits its statements can do without on this driver. It reads no revision and keeps no journal.
 */
export function driverAlone(
  directory: string,
  driver: keyof typeof programs,
  target: string,
  statements: readonly string[],
): Command {
  const name = `${driver}-${statements.length}`;
  writeFileSync(join(directory, `${name}.json`), JSON.stringify(statements));
  const file = join(directory, `${name}.cjs`);
  writeFileSync(
    file,
    `const driver = require(${JSON.stringify(createRequire(import.meta.url).resolve(driver))});
const target = ${JSON.stringify(target)};
${programs[driver]}
(async () => {
  for (const sql of require('./${name}.json')) await run(sql);
  await close();
})().catch((error) => { console.error(error); process.exit(1); });
`,
  );
  return { argv: [process.execPath, file], cwd: directory };
}
