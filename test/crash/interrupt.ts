import { createCrashDatabase, type CrashDatabase, type CrashDialect } from './crash-database.ts';
import { writeCrashHistory, writeUnsettleableHistory, type CrashHistory } from './crash-history.ts';
import { runWorker, type WorkerEnd, type WorkerProgram } from './run-worker.ts';
import type { WorkerJob } from './worker.ts';

/** One way to run a history, up and down, interrupted at its events. */
export interface Scenario {
  readonly name: string;
  readonly dialect: CrashDialect;
  readonly transactionMode: 'revision' | 'none' | 'all';
  /** The history holds a statement that nothing can settle: the rerun may stop with the question. */
  readonly unsettleable?: true;
}

/** What came of one scenario. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly events: { readonly upgrade: number; readonly downgrade: number };
  readonly kills: number;
  /** Reruns that stopped with exit 4 and the question. */
  readonly questions: number;
  /** Reruns that ended in any other way than at the target: someone would have had to step in. */
  readonly manualSteps: number;
  /** Where the database afterwards was not that of an uninterrupted run, or the journal counts a revision wrongly. */
  readonly differences: readonly string[];
}

export const scenarios: readonly Scenario[] = [
  { name: 'SQLite, a transaction for each revision', dialect: 'sqlite', transactionMode: 'revision' },
  { name: 'SQLite, no transactions', dialect: 'sqlite', transactionMode: 'none' },
  { name: 'SQLite, one transaction', dialect: 'sqlite', transactionMode: 'all' },
  { name: 'PostgreSQL, a transaction for each revision', dialect: 'postgresql', transactionMode: 'revision' },
  { name: 'PostgreSQL, no transactions', dialect: 'postgresql', transactionMode: 'none' },
  { name: 'PostgreSQL, one transaction', dialect: 'postgresql', transactionMode: 'all' },
  { name: 'MariaDB', dialect: 'mysql', transactionMode: 'revision' },
  {
    name: 'MariaDB, a procedure that nothing can settle',
    dialect: 'mysql',
    transactionMode: 'revision',
    unsettleable: true,
  },
];

/** Inside the event; just after it; while the next statement is on its way. */
const moments = [null, 0, 1, 4] as const;

/** A prime larger than the greatest factor of any count of points: its multiples reach every point once. */
const spread = 1_000_003;

type Direction = WorkerJob['direction'];

/** The database and history of a scenario with what an uninterrupted run makes of them. */
interface Bench {
  readonly database: CrashDatabase;
  readonly job: Pick<WorkerJob, 'config' | 'options'>;
  readonly events: Readonly<Record<Direction, number>>;
  readonly states: Readonly<Record<Direction, string>>;
  readonly revisions: readonly string[];
}

/**
 * Kills a worker at the events of the upgrade and of the downgrade, runs the same command once more, plainly, and compares.
 * The two take turns on one database, so that each starts from what the other left behind. Every event and moment takes
 * its turn in an order that spreads them, so that a run that ends early has seen some of everything.
 */
export async function interruptEverywhere(
  program: WorkerProgram,
  scenario: Scenario,
  { share, until = Number.POSITIVE_INFINITY }: { readonly share: number; readonly until?: number },
): Promise<Outcome> {
  const history = scenario.unsettleable
    ? writeUnsettleableHistory()
    : writeCrashHistory(scenario.dialect, { autocommit: scenario.transactionMode !== 'all' });
  let bench = await prepare(program, scenario, history);
  const { events } = bench;
  let kills = 0;
  let questions = 0;
  let manualSteps = 0;
  const differences: string[] = [];
  const points = Math.max(events.upgrade, events.downgrade) * moments.length;
  try {
    for (let turn = 0; turn < points * share && Date.now() < until; turn++) {
      const point = (turn * spread) % points;
      for (const direction of ['upgrade', 'downgrade'] as const) {
        const killAt = Math.floor(point / moments.length) % events[direction];
        const killAfterMs = moments[point % moments.length] ?? null;
        const at = `${scenario.name}: ${direction}, event ${killAt}, ${killAfterMs === null ? 'inside' : `${killAfterMs} ms after`}`;
        const found = await interrupt(program, bench, direction, killAt, killAfterMs);
        if (found.killed) kills++;
        if (found.question) questions++;
        if (found.problem !== null) {
          differences.push(`${at}: ${found.problem}`);
          if (found.stuck) manualSteps++;
        }
        if (found.problem === null && !found.question) continue;
        // Begin again with a database of its own, so that one defect is counted once.
        await bench.database.drop();
        bench = await prepare(program, scenario, history);
        if (direction === 'upgrade') await runWorker(program, jobOf(bench, 'upgrade', null, null));
      }
    }
  } finally {
    await bench.database.drop();
    history.remove();
  }
  return { scenario, events, kills, questions, manualSteps, differences };
}

/** Runs up, down, up, down without interruption and records what that makes of the database. */
async function prepare(program: WorkerProgram, scenario: Scenario, history: CrashHistory): Promise<Bench> {
  const database = await createCrashDatabase(scenario.dialect);
  const job = {
    config: { database: database.url, versionLocations: [history.directory] },
    options: { transactionMode: scenario.transactionMode },
  };
  const bench = { database, job };
  const run = async (direction: Direction): Promise<{ readonly events: number; readonly state: string }> => {
    const end = await runWorker(program, jobOf(bench, direction, null, null));
    if (end.exitCode !== 0 || end.answer === null)
      throw new Error(`${scenario.name}: uninterrupted ${direction}: ${end.output}`);
    return { events: end.answer.events, state: await database.state() };
  };
  const upgrade = await run('upgrade');
  const downgrade = await run('downgrade');
  const applied = await database.query(`SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id`);
  return {
    ...bench,
    events: { upgrade: upgrade.events, downgrade: downgrade.events },
    states: { upgrade: upgrade.state, downgrade: downgrade.state },
    revisions: applied.map((row) => String(row['revision'])),
  };
}

function jobOf(
  bench: Pick<Bench, 'job'>,
  direction: Direction,
  killAt: number | null,
  killAfterMs: number | null,
): WorkerJob {
  return { ...bench.job, direction, target: direction === 'upgrade' ? 'head' : 'base', killAt, killAfterMs };
}

interface Found {
  readonly killed: boolean;
  readonly question: boolean;
  readonly stuck: boolean;
  readonly problem: string | null;
}

async function interrupt(
  program: WorkerProgram,
  bench: Bench,
  direction: Direction,
  killAt: number,
  killAfterMs: number | null,
): Promise<Found> {
  const { database } = bench;
  const [mark] = await database.query('SELECT MAX(id) AS id FROM aludel_log');
  const first = await runWorker(program, jobOf(bench, direction, killAt, killAfterMs));
  const { killed } = first;
  if (!killed && first.exitCode !== 0) return { killed, question: false, stuck: true, problem: first.output };
  const rerun = await runWorker(program, jobOf(bench, direction, null, null));
  if (isQuestion(rerun)) return { killed, question: true, stuck: false, problem: null };
  if (rerun.exitCode !== 0) return { killed, question: false, stuck: true, problem: rerun.output };

  const event = direction === 'upgrade' ? 'applied' : 'reverted';
  const rows = await database.query(
    `SELECT revision FROM aludel_log WHERE event = '${event}' AND id > ${Number(mark?.['id'] ?? 0)} ORDER BY revision`,
  );
  const finished = rows.map((row) => String(row['revision']));
  const problems = [
    difference(bench.states[direction], await database.state()),
    difference([...bench.revisions].sort().join('\n'), finished.join('\n')),
  ].filter((problem) => problem !== null);
  return { killed, question: false, stuck: false, problem: problems.length === 0 ? null : problems.join('\n') };
}

/** Exit 4 with the question and the commands that answer it. */
function isQuestion({ exitCode, answer }: WorkerEnd): boolean {
  return exitCode === 4 && /^[\s\S]*take effect\?[\s\S]*--assume-done[\s\S]*--resume/.test(answer?.message ?? '');
}

function difference(expected: string, found: string): string | null {
  if (expected === found) return null;
  const wanted = new Set(expected.split('\n'));
  const had = new Set(found.split('\n'));
  const missing = [...wanted].filter((line) => !had.has(line)).map((line) => `- ${line}`);
  const extra = [...had].filter((line) => !wanted.has(line)).map((line) => `+ ${line}`);
  return [...missing, ...extra].slice(0, 12).join('\n') || 'the same lines in another number';
}
