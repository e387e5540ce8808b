import type { DialectName } from '../../src/dialects/connection.ts';
import { repair, type RunEvent } from '../../src/index.ts';
import { startTcpProxy, type CutMoment, type TcpProxy } from '../support/tcp-proxy.ts';
import { createCrashDatabase, type CrashDatabase } from './crash-database.ts';
import { writeCrashHistory, writeUnsettleableHistory, type CrashHistory } from './crash-history.ts';
import { runWorker, startWorker, type WorkerEnd, type WorkerProgram } from './run-worker.ts';
import type { WorkerJob } from './worker.ts';

/** One way to run a history, up and down, interrupted in many places. */
export interface Scenario {
  readonly name: string;
  readonly dialect: DialectName;
  readonly transactionMode: 'revision' | 'none' | 'all';
  /** The history holds a statement that nothing can settle: the rerun may stop with the question. */
  readonly unsettleable?: true;
}

/** What came of one scenario. */
export interface Outcome {
  readonly scenario: Scenario;
  /** Kills of the upgrade and of the downgrade. A process that ended before its time came is not counted. */
  readonly kills: Readonly<Record<Direction, number>>;
  /** Connections that were cut under a run. */
  readonly cuts: number;
  /** Kills and cuts by where they struck, as {@link placeOf} names it. */
  readonly strikesAt: ReadonlyMap<string, number>;
  /** Reruns that stopped with exit 4 and the question. */
  readonly questions: number;
  /** Reruns that ended in any other way than at the target: someone would have had to step in. */
  readonly manualSteps: number;
  /** Where the database afterwards was not that of an undisturbed run, or the journal counts a revision wrongly. */
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

/** What each event of a run is as a fail point. */
const failPoints: Readonly<Partial<Record<RunEvent['kind'], string>>> = {
  'lock-obtained': 'the lock just taken',
  'step-started': 'between revisions',
  'statement-started': 'before a statement',
  'statement-announced': 'after its intent',
  'statement-executed': 'after it ran',
  'statement-recorded': 'after its record',
  'backfill-progress': 'after a batch of a backfill',
  committing: 'before a commit',
  committed: 'after a commit',
  'step-finished': 'between revisions',
  'lock-released': 'the lock just given back',
};
const someLater = '0, 1 or 4 ms after one of these';
const anyTime = 'at a random time';
const cutPoints: Readonly<Record<CutMoment, string>> = {
  'before-request': 'the connection cut before a message arrives',
  'during-request': 'the connection cut while it is carried out',
  'before-answer': 'the connection cut before its answer arrives',
};

/** Every place where a run is killed or cut. */
export const places: readonly string[] = [
  ...new Set([...Object.values(failPoints), someLater, anyTime, ...Object.values(cutPoints)]),
];

/** In milliseconds after an event, when the next statement is on its way. */
const delays = [0, 1, 4] as const;
const cutMoments = ['before-request', 'during-request', 'before-answer'] as const satisfies readonly CutMoment[];

type Direction = WorkerJob['direction'];
const directions = ['upgrade', 'downgrade'] as const;

/** Where a run is struck. Several random times are several processes, one after the other, before the plain one. */
type Strike =
  | { readonly kind: 'at-event'; readonly event: number; readonly afterMs: number | null }
  | { readonly kind: 'at-times'; readonly afterMs: readonly number[] }
  /** Its connection is cut; `message` counts what the process sends to the server, from 0. */
  | { readonly kind: 'at-message'; readonly message: number; readonly moment: CutMoment };

/** The database and history of a scenario with what undisturbed runs make of them. */
interface Bench {
  readonly database: CrashDatabase;
  readonly job: Omit<WorkerJob, 'direction' | 'target'>;
  /** How many messages they sent to the server. */
  readonly messages: Readonly<Record<Direction, number>>;
  readonly events: Readonly<Record<Direction, readonly RunEvent['kind'][]>>;
  /** How long they took, in milliseconds. */
  readonly durations: Readonly<Record<Direction, number>>;
  readonly states: Readonly<Record<Direction, string>>;
  readonly revisions: readonly string[];
}

export interface Extent {
  /** Takes every n-th of the moments at which there is something to be struck at. */
  readonly everyNth: number;
  /** Plain runs that follow kills at random times, in each direction. */
  readonly atRandom: number;
  /** Time in milliseconds since the epoch at which no new strike begins. */
  readonly until?: number;
}

/**
 * Strikes upgrades and downgrades, runs the same command once more, plainly, and compares. The two take turns on one
 * database, so that each starts from what the other left behind.
 */
export async function interruptEverywhere(
  program: WorkerProgram,
  scenario: Scenario,
  extent: Extent,
): Promise<Outcome> {
  const history = scenario.unsettleable
    ? writeUnsettleableHistory()
    : writeCrashHistory(scenario.dialect, { autocommit: scenario.transactionMode !== 'all' });
  let bench = await prepare(program, scenario, history);
  const strikes = { upgrade: strikesOf(bench, 'upgrade', extent), downgrade: strikesOf(bench, 'downgrade', extent) };
  const kills = { upgrade: 0, downgrade: 0 };
  const strikesAt = new Map<string, number>();
  let cuts = 0;
  let questions = 0;
  let manualSteps = 0;
  const differences: string[] = [];
  try {
    const turns = Math.max(strikes.upgrade.length, strikes.downgrade.length);
    for (let turn = 0; turn < turns && Date.now() < (extent.until ?? Number.POSITIVE_INFINITY); turn++) {
      for (const direction of directions) {
        const strike = strikes[direction][turn] ?? { kind: 'at-times', afterMs: [] };
        const found = await interrupt(program, bench, direction, strike, scenario.unsettleable === true);
        if (strike.kind === 'at-message') cuts += found.strikes;
        else kills[direction] += found.strikes;
        const place = placeOf(bench, direction, strike);
        strikesAt.set(place, (strikesAt.get(place) ?? 0) + found.strikes);
        if (found.question) questions++;
        if (found.stuck) manualSteps++;
        if (found.problem === null) continue;
        differences.push(`${scenario.name}: ${direction} ${JSON.stringify(strike)} (${place}): ${found.problem}`);
        // Begin again with a database of its own, so that one defect is counted once.
        await bench.database.drop();
        bench = await prepare(program, scenario, history);
        if (direction === 'upgrade') await runWorker(program, jobOf(bench, 'upgrade'));
      }
    }
  } finally {
    await bench.database.drop();
    history.remove();
  }
  return { scenario, kills, cuts, strikesAt, questions, manualSteps, differences };
}

/** Kills inside the events come first, all of them; then random times, then cut connections, then kills a little later. */
function strikesOf(
  { events, messages, durations }: Bench,
  direction: Direction,
  { everyNth, atRandom }: Extent,
): readonly Strike[] {
  const sample = (strikes: readonly Strike[]) => {
    // Others each time, so that short forms have seen them all one day.
    const first = Math.floor(Math.random() * Math.min(everyNth, strikes.length));
    return strikes.filter((_, index) => index % everyNth === first);
  };
  const atEvents = (afterMs: number | null) =>
    spread(events[direction].length).map((event): Strike => ({ kind: 'at-event', event, afterMs }));
  const atTimes = Array.from({ length: atRandom }, (): Strike => {
    const times = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => Math.random() * durations[direction]);
    return { kind: 'at-times', afterMs: times.map(Math.round) };
  });
  const atMessages = spread(messages[direction] * cutMoments.length).map((place): Strike => {
    const moment = cutMoments[place % cutMoments.length] ?? 'before-request';
    return { kind: 'at-message', message: Math.floor(place / cutMoments.length), moment };
  });
  return [
    ...sample(atEvents(null)),
    ...atTimes,
    ...sample(atMessages),
    ...sample(delays.flatMap((afterMs) => atEvents(afterMs))),
  ];
}

/** The numbers below `count` in an order in which a run that ends early has seen some of everything. */
function spread(count: number): readonly number[] {
  // A prime greater than any count: its multiples reach every number once.
  const step = 1_000_003;
  return Array.from({ length: count }, (_, index) => (index * step) % count);
}

function placeOf({ events }: Bench, direction: Direction, strike: Strike): string {
  if (strike.kind === 'at-times') return anyTime;
  if (strike.kind === 'at-message') return cutPoints[strike.moment];
  if (strike.afterMs !== null) return someLater;
  const kind = events[direction][strike.event];
  const place = kind === undefined ? undefined : failPoints[kind];
  if (place === undefined) throw new Error(`an undisturbed run does not tell of ${kind}`);
  return place;
}

/** Runs up and down undisturbed and records what that makes of the database. */
async function prepare(program: WorkerProgram, scenario: Scenario, history: CrashHistory): Promise<Bench> {
  const database = await createCrashDatabase(scenario.dialect);
  const job: Bench['job'] = {
    config: { database: database.url, versionLocations: [history.directory] },
    options: { transactionMode: scenario.transactionMode },
    killAt: null,
    killAfterMs: null,
  };
  const proxy = scenario.dialect === 'sqlite' ? null : await startTcpProxy(database.url);
  const run = async (direction: Direction) => {
    const startedAt = performance.now();
    const before = proxy?.messages().length ?? 0;
    const end = await runWorker(program, through(proxy, database.url, jobOf({ job }, direction)));
    const duration = performance.now() - startedAt;
    if (end.exitCode !== 0 || end.answer === null)
      throw new Error(`${scenario.name}: undisturbed ${direction}: ${end.output}`);
    const messages = (proxy?.messages().length ?? 0) - before;
    return { events: end.answer.events, messages, duration, state: await database.state() };
  };
  const upgrade = await run('upgrade');
  const downgrade = await run('downgrade');
  await proxy?.close();
  const applied = await database.query(`SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id`);
  return {
    database,
    job,
    messages: { upgrade: upgrade.messages, downgrade: downgrade.messages },
    events: { upgrade: upgrade.events, downgrade: downgrade.events },
    durations: { upgrade: upgrade.duration, downgrade: downgrade.duration },
    states: { upgrade: upgrade.state, downgrade: downgrade.state },
    revisions: applied.map((row) => String(row['revision'])),
  };
}

function jobOf({ job }: Pick<Bench, 'job'>, direction: Direction): WorkerJob {
  return { ...job, direction, target: direction === 'upgrade' ? 'head' : 'base' };
}

/** The same job led through a proxy. */
function through(proxy: TcpProxy | null, url: string, job: WorkerJob): WorkerJob {
  return proxy === null ? job : { ...job, config: { ...job.config, database: proxy.through(url) } };
}

interface Found {
  /** Kills or cuts that came before the run had ended. */
  readonly strikes: number;
  readonly question: boolean;
  readonly stuck: boolean;
  readonly problem: string | null;
}

async function interrupt(
  program: WorkerProgram,
  bench: Bench,
  direction: Direction,
  strike: Strike,
  mayAsk: boolean,
): Promise<Found> {
  const { database } = bench;
  const [mark] = await database.query('SELECT MAX(id) AS id FROM aludel_log');
  const { strikes, undisturbed, output } = await runStruck(program, bench, direction, strike);
  const stuck = (problem: string): Found => ({ strikes, question: false, stuck: true, problem });
  const failed = undisturbed.find((end) => end.exitCode !== 0 && !(mayAsk && isQuestion(end)));
  if (failed !== undefined) return stuck(failed.output);
  if (output !== null) return stuck(output);

  let rerun = await runWorker(program, jobOf(bench, direction));
  const question = mayAsk && isQuestion(rerun);
  if (question) {
    await answerTruthfully(bench, direction);
    rerun = await runWorker(program, jobOf(bench, direction));
  }
  if (rerun.exitCode !== 0) return stuck(rerun.output);

  const event = direction === 'upgrade' ? 'applied' : 'reverted';
  const rows = await database.query(
    `SELECT revision FROM aludel_log WHERE event = '${event}' AND id > ${Number(mark?.['id'] ?? 0)} ORDER BY revision`,
  );
  const finished = rows.map((row) => String(row['revision']));
  const problems = [
    difference(bench.states[direction], await database.state()),
    difference([...bench.revisions].sort().join('\n'), finished.join('\n')),
  ].filter((problem) => problem !== null);
  return { strikes, question, stuck: false, problem: problems.length === 0 ? null : problems.join('\n') };
}

interface Struck {
  readonly strikes: number;
  /** Runs that had ended before their strike came. */
  readonly undisturbed: readonly WorkerEnd[];
  /** What a process printed that met its cut connection with anything but an error in words; else null. */
  readonly output: string | null;
}

async function runStruck(program: WorkerProgram, bench: Bench, direction: Direction, strike: Strike): Promise<Struck> {
  if (strike.kind === 'at-message') return await runCut(program, bench, direction, strike);
  const plain = jobOf(bench, direction);
  const ends: WorkerEnd[] = [];
  if (strike.kind === 'at-event') {
    ends.push(await runWorker(program, { ...plain, killAt: strike.event, killAfterMs: strike.afterMs }));
  } else {
    for (const afterMs of strike.afterMs) {
      const { child, end } = startWorker(program, plain);
      const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
      ends.push(await end);
      clearTimeout(timer);
    }
  }
  const undisturbed = ends.filter(({ killed }) => !killed);
  return { strikes: ends.length - undisturbed.length, undisturbed, output: null };
}

async function runCut(
  program: WorkerProgram,
  bench: Bench,
  direction: Direction,
  { message, moment }: Extract<Strike, { readonly kind: 'at-message' }>,
): Promise<Struck> {
  const { url } = bench.database;
  const proxy = await startTcpProxy(url);
  let cut = false;
  void proxy.cutAt(message, moment).then(() => (cut = true));
  const end = await runWorker(program, through(proxy, url, jobOf(bench, direction)));
  await proxy.close();
  if (!cut) return { strikes: 0, undisturbed: [end], output: null };
  // Cut while it said good-bye, the run may well have succeeded.
  return { strikes: 1, undisturbed: [], output: end.answer === null ? end.output : null };
}

/** Exit 4 with the question and the commands that answer it. */
function isQuestion({ exitCode, answer }: WorkerEnd): boolean {
  return exitCode === 4 && /^[\s\S]*take effect\?[\s\S]*--assume-done[\s\S]*--resume/.test(answer?.message ?? '');
}

/** The statement in doubt is the only one that changes the sum, so a person could tell by it. */
async function answerTruthfully({ database, job, states }: Bench, direction: Direction): Promise<void> {
  const [row] = await database.query('SELECT SUM(n) AS sum FROM account');
  const expected = [...states[direction].matchAll(/^account: .*"n":(\d+)/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  const tookEffect = Number(row?.['sum']) === expected;
  await repair(job.config, { repair: tookEffect ? 'assume-done' : 'resume' });
}

function difference(expected: string, found: string): string | null {
  if (expected === found) return null;
  const wanted = new Set(expected.split('\n'));
  const had = new Set(found.split('\n'));
  const missing = [...wanted].filter((line) => !had.has(line)).map((line) => `- ${line}`);
  const extra = [...had].filter((line) => !wanted.has(line)).map((line) => `+ ${line}`);
  return [...missing, ...extra].slice(0, 12).join('\n') || 'the same lines in another number or order';
}
