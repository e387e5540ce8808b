import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName, Row } from '../../src/dialects/connection.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { messageOf } from '../../src/support/aludel-error.ts';
import { liveProject, revisionSource } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { prepare, type Answer, type Case } from './kit-case.ts';
import { kitPage } from './kit-page.ts';
import { kit, kitRows } from './kit.ts';
import { openOperations, type LiveOperations } from './live-operations.ts';

const page = fileURLToPath(new URL('../../docs/operations-support.md', import.meta.url));

/** `UPDATE=1 npx vitest run test/operations/kit.test.ts` writes the page. */
it('docs/operations-support.md says what the kit shows', () => {
  if (process.env['UPDATE'] === '1') writeFileSync(page, kitPage(kitRows));
  expect(readFileSync(page, 'utf8')).toBe(kitPage(kitRows));
});

await describeOnEveryDialect('in the catalogue of the server', (dialect) => {
  let live: LiveOperations;
  beforeAll(async () => {
    live = await openOperations(dialect);
  });
  afterAll(() => live.close());

  it('every operation of op is asked for', () => {
    expect(Object.keys(kit).toSorted()).toEqual(Object.keys(live.op).toSorted());
    expect(Object.keys(kit.inspect).toSorted()).toEqual(Object.keys(live.op.inspect).toSorted());
  });

  for (const { operation, row, test } of kitRows) {
    const answer = test.on[dialect];
    it(`${row === 'plain' ? operation : `${operation} with ${row}`} ${inWords[answer.kind]}`, async () => {
      if (test.inRun === true) return await checkInRun(dialect, test, answer);
      await live.reset();
      await prepare(live.op);
      await check(live, test, answer);
    });
  }
});

const inWords: Readonly<Record<Answer['kind'], string>> = {
  appears: 'takes effect',
  goes: 'takes effect',
  stays: 'leaves what is there',
  tells: 'tells what the server says',
  says: 'tells what is so',
  refused: 'is refused with what to do instead, and nothing runs',
};

async function check(live: LiveOperations, { before, call, after }: Case, answer: Answer): Promise<void> {
  const { op } = live;
  const query = (sql: string): Promise<readonly Row[]> => live.query(sql);
  if (answer.kind === 'refused') {
    live.takeStatements();
    await expect(call(op)).rejects.toMatchObject({ hint: answer.instead });
    expect(live.takeStatements()).toEqual([]);
    return;
  }
  try {
    switch (answer.kind) {
      case 'says':
        await before?.(op);
        expect(await call(op)).toBe(answer.value);
        return;
      case 'tells': {
        const first = await call(op);
        expect(first).toEqual(like(first, await query(answer.sql)));
        await before?.(op);
        const second = await call(op);
        expect(second).toEqual(like(second, await query(answer.sql)));
        expect(second).not.toEqual(first);
        return;
      }
      default:
        await before?.(op);
        await checkSchema(live, call);
        await checkRows(answer, query, async () => void (await call(op)));
    }
  } finally {
    await after?.(op);
  }
}

async function checkRows(
  { kind, sql }: Extract<Answer, { readonly kind: 'appears' | 'goes' | 'stays' }>,
  query: (sql: string) => Promise<readonly Row[]>,
  call: () => Promise<void>,
): Promise<void> {
  const found = async (): Promise<boolean> => (await query(sql)).length > 0;
  expect({ before: await found() }).toEqual({ before: kind !== 'appears' });
  await call();
  expect({ after: await found() }).toEqual({ after: kind !== 'goes' });
}

/** In another schema the same operation is another one: other statements, or it does not find there what it needs. */
async function checkSchema(live: LiveOperations, call: Case['call']): Promise<void> {
  const outcomeOf = (operation: Operation): Promise<unknown> =>
    live.render(operation).then(
      (statements) => statements.map(({ sql }) => sql),
      (error: unknown) => messageOf(error),
    );
  for (const record of await live.recordsOf(call)) {
    const here = await outcomeOf(record);
    // What is nowhere need not be dropped anywhere.
    if (Array.isArray(here) && here.length === 0) continue;
    for (const elsewhere of inOtherSchema(record)) expect(await outcomeOf(elsewhere)).not.toEqual(here);
  }
}

function inOtherSchema(record: Operation): readonly Operation[] {
  const schema = 'aludel_elsewhere';
  // A schema and an extension are in none.
  if (record.kind === 'createExtension') return [{ ...record, schema }];
  if ('schema' in record) return [{ ...record, schema }];
  switch (record.kind) {
    case 'grant':
    case 'revoke':
      return [{ ...record, on: { ...record.on, schema } }];
    case 'setComment':
      return record.on.kind === 'schema' || record.on.kind === 'extension'
        ? []
        : [{ ...record, on: { ...record.on, schema } }];
    default:
      return [];
  }
}

/** What the server says, in the form in which the operation says it. */
function like(told: unknown, rows: readonly Row[]): unknown {
  const values = rows.map((row) => Object.values(row)[0]);
  switch (typeof told) {
    case 'boolean':
      return values.length > 0;
    case 'number':
      return Number(values[0]);
    default:
      return values;
  }
}

/** Where the revisions of {@link checkInRun} find what they do. */
const steps = new Map<string, (op: Operations) => Promise<unknown>>();
Object.assign(globalThis, { aludelKitSteps: steps });

async function checkInRun(dialect: DialectName, { before, call }: Case, answer: Answer): Promise<void> {
  if (answer.kind !== 'appears') throw new Error(`no run shows "${answer.kind}"`);
  steps.set('a', async (op) => {
    await prepare(op);
    await before?.(op);
  });
  steps.set('b', call);
  const project = await liveProject(dialect, {
    'a.mjs': revisionSource('a', null, `await aludelKitSteps.get('a')(op);`),
    'b.mjs': revisionSource('b', 'a', `await aludelKitSteps.get('b')(op);`),
  });
  await upgrade(project.config, 'a');
  await checkRows(
    answer,
    (sql) => project.query(sql),
    async () => void (await upgrade(project.config, 'head')),
  );
}
