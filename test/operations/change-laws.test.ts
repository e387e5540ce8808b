import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { isSignificant, keywordOf, tokensOf } from '../../src/dialects/sql/lexer.ts';
import { sqliteRules } from '../../src/dialects/sqlite/lexical-rules.ts';
import { unquoted } from '../../src/dialects/sql/statement-words.ts';
import { openChecker, type Checker } from '../crash/crash-database.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { openOperations, type LiveOperations } from './live-operations.ts';
import { plans, scriptOf } from './random-changes.ts';

/** How long a dialect may take, in milliseconds; what was tried by then counts. */
const enoughMs = 30_000;

await describeOnEveryDialect('random operations on random tables', (dialect) => {
  let live: LiveOperations;
  let checker: Checker;
  beforeAll(async () => {
    live = await openOperations(dialect);
    checker = await openChecker(dialect, live.url);
  });
  afterAll(async () => {
    await checker.close();
    await live.close();
  });

  /** The schema as the server's own tools write it, and every row. */
  async function state(): Promise<readonly string[]> {
    const lines = [...(await checker.schema())].flatMap((line) => comparable(line, dialect));
    for (const table of await live.op.inspect.tables()) {
      const mark = dialect === 'mysql' ? '`' : '"';
      const rows = await live.query(`SELECT * FROM ${mark}${table.replaceAll(mark, mark + mark)}${mark} ORDER BY id`);
      lines.push(...rows.map((row) => `${table}: ${JSON.stringify(row)}`));
    }
    return lines;
  }

  it('taken back in reverse leave the schema and the rows as they were', async () => {
    let taken = 0;
    const until = Date.now() + enoughMs;
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        if (Date.now() > until) return;
        await live.reset();
        if (dialect === 'mysql') await checker.query(`USE ${new URL(live.url).pathname.slice(1)}`);
        const { prepare, steps } = scriptOf(plan, dialect);
        await prepare(live.op);
        const before = await state();
        for (const { title, up } of steps) await told(title, up(live.op));
        if (steps.length > 0) expect(await state()).not.toEqual(before);
        for (const { title, down } of steps.toReversed()) await told(`back: ${title}`, down(live.op));
        expect(await state()).toEqual(before);
        taken += steps.length;
      }),
      { numRuns: 100 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

async function told(step: string, done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    throw new Error(`${step}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
}

/** What the text means: SHOW CREATE lists keys by age, and SQLite quotes what it renames. */
function comparable(line: string, dialect: DialectName): readonly string[] {
  if (dialect === 'postgresql') return [line];
  const row = JSON.parse(line) as Record<string, string | null>;
  if (dialect === 'mysql') {
    const lines = Object.values(row).flatMap((text) => (text ?? '').split('\n').map((part) => part.replace(/,$/, '')));
    const isColumn = (part: string): boolean => part.startsWith('  `');
    return [...lines.filter(isColumn), ...lines.filter((part) => !isColumn(part)).toSorted()];
  }
  const { sql } = row;
  if (sql == null) return [line];
  const words = [...tokensOf(sql, sqliteRules)]
    .filter(isSignificant)
    .map((token) => (token.kind === 'name' ? unquoted(sql.slice(token.start, token.end)) : keywordOf(sql, token)));
  return [`${row['type']} ${row['name']}: ${words.join(' ')}`];
}
