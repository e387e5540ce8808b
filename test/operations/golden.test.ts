import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { isAludelError, messageOf } from '../../src/support/aludel-error.ts';
import type { Operations } from '../../src/operations/operations.ts';
import type { Statement } from '../../src/dialects/statement.ts';
import { absenceOf, dialectNames } from '../servers.ts';
import { openOperations, type LiveOperations } from './live-operations.ts';

/**
 * Each page of golden/ shows calls and what they become. The calls, in blocks marked `ts`, are written by hand; those
 * under "## Before" run first. `UPDATE=1 npx vitest run test/operations/golden.test.ts` writes the rest. Everything shown
 * has run on a real database.
 */
const directory = fileURLToPath(new URL('golden/', import.meta.url));
const titles: Readonly<Record<DialectName, string>> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL and MariaDB',
};

interface Section {
  readonly title: string;
  /** What is said above the call. */
  readonly text: string;
  readonly code: string;
}

const pages = readdirSync(directory).filter((file) => file.endsWith('.md'));

/** They run what they are given, or ask; a backfill asks for a key before each of its statements. */
const withoutSql = new Set(['execute', 'autocommit', 'knex', 'context', 'inspect', 'offline', 'backfill']);

const lives = new Map<DialectName, LiveOperations>();

describe('the SQL of every operation is as shown', () => {
  beforeAll(async () => {
    for (const dialect of dialectNames) {
      if ((await absenceOf(dialect)) === null) lives.set(dialect, await openOperations(dialect));
    }
  });
  afterAll(async () => {
    for (const live of lives.values()) await live.close();
  });

  it('and no operation is left out', () => {
    const shown = pages.map((name) => readFileSync(directory + name, 'utf8')).join('\n');
    const { op } = [...lives.values()][0] ?? { op: {} };
    expect(Object.keys(op).filter((name) => !shown.includes(`op.${name}(`) && !withoutSql.has(name))).toEqual([]);
  });

  for (const name of pages) {
    it(`in golden/${name}`, async () => {
      const path = directory + name;
      const page = readFileSync(path, 'utf8');
      const [head = '', ...rest] = page.split(/^## /m);
      const sections = rest.map(sectionOf);
      const before = sections.find(({ title }) => title === 'Before')?.code ?? '';
      const written = [head.trimEnd()];
      for (const section of sections) {
        written.push(
          `## ${section.title}${section.text === '' ? '' : `\n\n${section.text}`}`,
          block('ts', section.code),
        );
        if (section.title === 'Before') continue;
        for (const dialect of dialectNames) {
          const live = lives.get(dialect);
          const shown = live === undefined ? shownIn(page, section, dialect) : await shownOn(live, before, section);
          written.push(`${titles[dialect]}:`, shown);
        }
      }
      const made = `${written.join('\n\n')}\n`;
      if (process.env['UPDATE'] === '1') writeFileSync(path, made);
      else expect(page).toBe(made);
    });
  }
});

function sectionOf(source: string): Section {
  const [, title = '', text = '', code = ''] = /^(.*)\n([\s\S]*?)^```ts\n([\s\S]*?)^```$/m.exec(source) ?? [];
  if (code === '') throw new Error(`no call in: ${source}`);
  return { title, text: text.trim(), code: code.trimEnd() };
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

async function shownOn(live: LiveOperations, before: string, { title, code }: Section): Promise<string> {
  await live.reset();
  await runCode(before, live.op);
  live.takeStatements();
  try {
    await runCode(code, live.op);
  } catch (error) {
    if (!isAludelError(error)) {
      const statements = live.takeStatements().map(({ sql }) => sql);
      throw new Error(`${title} on ${live.op.context.dialect}: ${messageOf(error)}\n${statements.join(';\n')}`, {
        cause: error,
      });
    }
    return `> ${error.message} ${error.hint ?? ''}`.trim();
  }
  const statements = withoutRebuilds(live.takeStatements()).map(({ sql, bindings, alone = false }) => {
    const bound = bindings.length === 0 ? '' : ` -- ${JSON.stringify(bindings)}`;
    return `${sql.replaceAll(/\n\s*/g, '\n  ')};${bound}${alone ? ' -- committed by itself' : ''}`;
  });
  return statements.length === 0 ? '> Nothing.' : block('sql', statements.join('\n'));
}

/** Of the statements that rebuild a table of SQLite, those that make the new one: the others are always the same. */
function withoutRebuilds(statements: readonly Statement[]): readonly Statement[] {
  let inside = false;
  return statements.flatMap((statement) => {
    if (statement.sql === 'SAVEPOINT aludel_rebuild') inside = true;
    if (!inside) return [statement];
    if (statement.sql === 'RELEASE aludel_rebuild') inside = false;
    return statement.sql.startsWith('CREATE TABLE ')
      ? [{ ...statement, sql: `-- The table is made anew and its rows are copied:\n${statement.sql}` }]
      : [];
  });
}

/** Where the server cannot be had, what the page shows is left as it is. */
function shownIn(page: string, { title }: Section, dialect: DialectName): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  const from = section.indexOf(`\n${titles[dialect]}:\n\n`);
  const rest = section.slice(from + titles[dialect].length + 4);
  return (rest.startsWith('```') ? rest.slice(0, rest.indexOf('\n```', 3) + 4) : (rest.split('\n')[0] ?? '')).trim();
}

async function runCode(code: string, op: Operations): Promise<void> {
  // oxlint-disable-next-line typescript/no-implied-eval -- the text of the page is the test
  const run = new Function('op', `return (async () => {\n${code}\n})();`) as (op: Operations) => Promise<void>;
  await run(op);
}
