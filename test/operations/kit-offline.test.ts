import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { unlimited } from '../../src/dialects/limits.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import type { Revision } from '../../src/graph/revision.ts';
import { createOperations, type Operations } from '../../src/operations/operations.ts';
import { loadKnex } from '../../src/runtime/run-body.ts';
import { openRevisionSession } from '../../src/runtime/revision-session.ts';
import { createStatementWriter } from '../../src/runtime/script/statement-writer.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { prepare, type Case } from './kit-case.ts';
import { kitRows } from './kit.ts';
import { openOperations, type LiveOperations } from './live-operations.ts';

/** What needs an answer from the database, so that it cannot be written into a script. Everything else can. */
const needsDatabase: Readonly<Record<DialectName, readonly string[]>> = {
  // A database in memory answers.
  sqlite: [],
  postgresql: ['replaceEnumValues', 'replaceEnumValues with mapping'],
  mysql: [
    'batchAlterTable with recreate never',
    'batchAlterTable with safe',
    'alterColumn',
    'alterColumn with recreate',
    'alterColumn with safe',
    'alterColumn with type',
    'alterColumn with nullable',
    'alterColumn with default',
    'alterColumn with comment',
    'alterColumn with collation',
    'alterColumn with collation null',
    'alterColumn with generated',
    'alterColumn with autoincrement',
    'renameConstraint',
    'renameConstraint with recreate',
    'setComment with column',
  ],
};

await describeOnEveryDialect('written into a script', (dialect) => {
  let live: LiveOperations;
  let rules: Dialect;
  beforeAll(async () => {
    live = await openOperations(dialect);
    rules = await dialectOf(dialect);
  });
  afterAll(() => live.close());

  for (const { operation, row, test } of kitRows) {
    const answer = test.on[dialect];
    const title = row === 'plain' ? operation : `${operation} with ${row}`;
    if (answer.kind !== 'appears' && answer.kind !== 'goes' && answer.kind !== 'stays') continue;
    if (needsDatabase[dialect].includes(title)) {
      it(`${title} is refused before anything is written`, async () => {
        await live.reset();
        await prepare(live.op);
        try {
          await test.before?.(live.op);
          await expect(write(rules, live, test.call)).rejects.toMatchObject({ code: 'offline.needs-database' });
        } finally {
          await test.after?.(live.op);
        }
      });
      continue;
    }
    it(`${title} does what it does live`, async () => {
      await live.reset();
      await prepare(live.op);
      try {
        await test.before?.(live.op);
        const found = async (): Promise<boolean> => (await live.query(answer.sql)).length > 0;
        expect({ before: await found() }).toEqual({ before: answer.kind !== 'appears' });
        await write(rules, live, test.call);
        expect({ after: await found() }).toEqual({ after: answer.kind !== 'goes' });
      } finally {
        await test.after?.(live.op);
      }
    });
  }

  it('every one that is listed is an operation', () => {
    const titles = kitRows.map(({ operation, row }) => (row === 'plain' ? operation : `${operation} with ${row}`));
    expect(titles).toEqual(expect.arrayContaining([...needsDatabase[dialect]]));
  });
});

const revision: Revision = {
  id: 'a',
  downRevisions: [],
  dependsOn: [],
  branchLabels: [],
  message: '',
  doc: '',
  path: 'a.ts',
  lines: { revision: 1, downRevision: 1, branchLabels: 1, dependsOn: 1 },
};

/** Writes a revision that makes this call; each statement runs as soon as it is written, and nothing but SQLite answers. */
async function write(dialect: Dialect, live: LiveOperations, call: Case['call']): Promise<void> {
  const settings = { ...parseDatabaseUrl(live.url, ''), isMariaDb: true };
  const writer = createStatementWriter(
    {
      dialect,
      step: { direction: 'upgrade', revision, versionChange: { remove: [], update: [], insert: ['a'] } },
      scratch: {
        async ask(statement) {
          const known = dialect.offline.knownAnswer(statement, settings);
          const answers = dialect.offline.scratch !== null;
          const rows = known ?? (answers ? await live.query(dialect.inline(statement)) : null);
          return rows === null ? null : { rows, rowCount: rows.length, native: null };
        },
        wrote: async (sql) => void (await live.query(sql)),
      },
      insertion: () => [],
      hash: () => '',
      redact: (text) => text,
      limits: unlimited,
      mayCommit: true,
      idempotent: false,
      journal: { schema: null, name: 'aludel_log' },
    },
    dialect.transactionalDdl,
  );
  const knexOfRun = await loadKnex(dialect);
  const session = openRevisionSession(writer, knexOfRun.builder);
  knexOfRun.current = session;
  const context = { dialect: dialect.name, revision: 'a', direction: 'upgrade', offline: true, x: {} } as const;
  const op: Operations = createOperations({ ...session.port, context });
  if (dialect.transactionalDdl) await writer.begin();
  try {
    await call(op);
    await session.finish();
  } finally {
    await session.close();
    if (writer.isInsideTransaction()) await writer.commit();
  }
  const refusal = writer.refusal();
  if (refusal !== null) throw refusal.error;
}
