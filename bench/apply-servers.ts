import { spawnSync } from 'node:child_process';
import { alembicCommand, hasAlembic } from './alembic.ts';
import { driverAlone } from './driver.ts';
import { knexMigrate, type KnexConnection } from './knex.ts';
import { aludelCommand, milliseconds, pairedRuns, printTable, type Command } from './measure.ts';
import { createProject } from './project.ts';
import { inTransactionEach, scriptOf, sqlText, statementsOf } from './statements.ts';

const count = 1_000;
const pairs = 3;

/** A server to measure on, with its own command-line client. */
interface Server {
  readonly name: string;
  readonly admin: string;
  readonly budget: string;
  /** The client's command line for a database of this URL; it stops at the first error. */
  readonly shell: (url: URL) => readonly [string, ...string[]];
  readonly driver: 'pg' | 'mysql2';
  /** The database of this URL as knex wants it. */
  readonly knex: (url: URL) => KnexConnection;
}

const servers: readonly Server[] = [
  {
    name: 'PostgreSQL, psql',
    admin: process.env['ALUDEL_TEST_POSTGRESQL'] ?? 'postgresql://root@127.0.0.1:5432/postgres',
    budget: '1.3 x',
    shell: (url) => ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', url.href],
    driver: 'pg',
    knex: (url) => url.href,
  },
  {
    name: 'MariaDB, mariadb',
    admin: process.env['ALUDEL_TEST_MYSQL'] ?? 'mysql://root@127.0.0.1:3306',
    budget: '1.5 x',
    shell: (url) => [
      'mariadb',
      `--host=${url.hostname}`,
      `--port=${url.port}`,
      `--user=${decodeURIComponent(url.username)}`,
      ...(url.password === '' ? [] : [`--password=${decodeURIComponent(url.password)}`]),
      ...(url.pathname.length > 1 ? [url.pathname.slice(1)] : []),
    ],
    driver: 'mysql2',
    knex: (url) => ({
      host: url.hostname,
      port: Number(url.port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database,
    }),
  },
];

const database = 'aludel_bench';

/**
 * Applies 1,000 TypeScript revisions to a server, in turn with the server's own client running the same statements in the
 * same transactions, once without the journal and once as the script of --sql has it, and with knex migrating the same
 * tables, one transaction each as well, without a journal.
 */
export function benchApplyServers(): void {
  const rows = servers.flatMap((server) => {
    const [client] = server.shell(new URL(server.admin));
    if (spawnSync(client, ['--version']).status !== 0 || !isReachable(server)) {
      console.log(`\nservers: ${server.name} is left out, there is no server or no client here`);
      return [];
    }
    return measure(server);
  });
  if (rows.length === 0) return;
  printTable(
    `Apply ${count} revisions, a transaction each, everything compiled, medians of ${pairs} pairs`,
    ['server, compared with', 'aludel, ms', 'other, ms', 'ratio', 'budget'],
    rows,
  );
}

function measure(server: Server): readonly (readonly string[])[] {
  const url = new URL(server.admin);
  url.pathname = `/${database}`;
  const recreate = (): void => ask(server, `DROP DATABASE IF EXISTS ${database}`, `CREATE DATABASE ${database}`);
  recreate();
  const project = createProject(count, url.href);
  try {
    const script = inTransactionEach(statementsOf(project, count));
    const ours = { ...aludelCommand(project.directory, 'upgrade', 'head'), before: recreate };
    const shell = { argv: server.shell(url), cwd: project.directory, input: sqlText(script), before: recreate };
    const withJournal = { ...shell, input: scriptOf(project) };
    const driver = { ...driverAlone(project.directory, server.driver, url.href, script), before: recreate };
    const knex = { ...knexMigrate(project, count, server.driver, server.knex(url)), before: recreate };
    const name = server.name.split(',')[0];
    const alembic = (): Command => ({
      ...alembicCommand(project, count, url.href)('upgrade', 'head'),
      before: recreate,
    });
    return [
      [server.name, shell, server.budget] as const,
      [`${server.name} with the script of --sql`, withJournal, server.budget] as const,
      [`${name}, the driver alone`, driver, ''] as const,
      [`${name}, knex migrate`, knex, '< 1'] as const,
      ...(hasAlembic('upgrade') ? [[`${name}, Alembic`, alembic(), '< 1'] as const] : []),
    ].map(([label, other, budget]) => {
      const { ms, referenceMs, ratio } = pairedRuns(ours, other, pairs);
      return [label, milliseconds(ms), milliseconds(referenceMs), ratio.toFixed(2), budget];
    });
  } finally {
    project.remove();
    ask(server, `DROP DATABASE IF EXISTS ${database}`);
  }
}

function isReachable(server: Server): boolean {
  const [client, ...args] = server.shell(new URL(server.admin));
  return spawnSync(client, args, { input: 'SELECT 1;' }).status === 0;
}

function ask(server: Server, ...statements: readonly string[]): void {
  const [client, ...args] = server.shell(new URL(server.admin));
  const input = statements.map((sql) => `${sql};\n`).join('');
  const { status, stderr } = spawnSync(client, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${client}: ${stderr}`);
}
