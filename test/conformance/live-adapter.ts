import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { branches } from '../../src/commands/branches.ts';
import { current } from '../../src/commands/current.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { heads } from '../../src/commands/heads.ts';
import { history } from '../../src/commands/history.ts';
import { merge } from '../../src/commands/merge.ts';
import { openProject } from '../../src/commands/open-project.ts';
import type { CreatedRevision, RevisionDetail } from '../../src/commands/results.ts';
import { revision } from '../../src/commands/revision.ts';
import type { RunOptions } from '../../src/commands/run/run-migration.ts';
import { show } from '../../src/commands/show.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { Connection, TableName } from '../../src/dialects/connection.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { AludelConfig } from '../../src/environment/config/config.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { assertNever } from '../../src/support/assert-never.ts';
import { type ConformanceAdapter, type ConformanceSession, failedOutcome, type Outcome } from './adapter.ts';
import { plannerAdapter } from './planner-adapter.ts';
import type { CreatedFile, GraphFacts, VectorRequest, VectorRevision, VectorStep } from './vector-file.ts';

/** The commands on a real database, which has to be empty and stays open until {@link LiveAdapter.close}. */
export interface LiveAdapter extends ConformanceAdapter {
  close(): Promise<void>;
}

type BodyHook = (step: VectorStep) => Promise<void>;

declare global {
  /** What every body calls, so that a record can watch it and make it fail. Revision files are modules of this process. */
  var aludelConformanceBody: BodyHook | undefined;
}

const versionTable: TableName = { schema: null, name: 'aludel_version' };
const journalTable: TableName = { schema: null, name: 'aludel_log' };

/**
 * Drives the commands that the command line calls, with revision files on disk. `url` names the database. The version
 * table is written and read through a connection that the commands know nothing of.
 *
 * Records that plan without a database (`plan-upgrade` and its kin) go to the planner.
 */
export async function openLiveAdapter(url: string): Promise<LiveAdapter> {
  const settings = parseDatabaseUrl(url, process.cwd());
  const dialect = await dialectOf(settings.dialect);
  const connection = await dialect.connect(settings, {
    applicationName: 'aludel conformance',
    busyTimeoutMs: 10_000,
    readOnly: false,
  });
  const table = openVersionTable(dialect, connection);
  const directory = mkdtempSync(join(tmpdir(), 'aludel-conformance-'));
  let cases = 0;
  return {
    name: `the commands on ${settings.dialect}`,
    // Without transactional DDL no transaction can hold a whole run: the tool refuses to pretend.
    skips: (_case, record) =>
      record.tx === 'single' && !dialect.transactionalDdl ? 'no transaction around a whole run here' : null,
    async open(revisions) {
      cases += 1;
      const versions = join(directory, String(cases));
      writeFiles(versions, revisions);
      await table.drop();
      const config: AludelConfig = { database: url, versionLocations: [versions], lockTimeout: 0 };
      return await openSession(config, table, revisions, () => rmSync(versions, { recursive: true }));
    },
    async close() {
      await connection.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function openSession(
  config: AludelConfig,
  table: VersionTable,
  revisions: readonly VectorRevision[],
  removeFiles: () => void,
): Promise<ConformanceSession> {
  const planner = await plannerAdapter.open(revisions);
  return {
    facts: async () =>
      factsOf((await history(config)).revisions, (await heads(config, { resolveDependencies: true })).revisions),
    async run(request) {
      if (request.cmd === 'plan-upgrade' || request.cmd === 'plan-downgrade' || request.cmd === 'plan-stamp') {
        return await planner.run(request);
      }
      await table.write(request.before);
      const isThere = await table.exists();
      const outcome = await runRecord(config, table, request);
      const changes = request.cmd === 'upgrade' || request.cmd === 'downgrade' || request.cmd === 'stamp';
      if (!changes && !isThere && (await table.exists())) {
        return failedOutcome(new Error(`${request.cmd} created the version table`), outcome.rows);
      }
      return outcome;
    },
    async close() {
      await planner.close();
      removeFiles();
    },
  };
}

/**
 * Runs one record. A body reads the rows before it ends: what it finds is the trace of the step before. Inside one
 * transaction around all steps another connection sees nothing of it, so such a record has no trace.
 */
async function runRecord(config: AludelConfig, table: VersionTable, request: VectorRequest): Promise<Outcome> {
  const steps: VectorStep[] = [];
  const seen: (readonly string[])[] = [];
  globalThis.aludelConformanceBody = async (step) => {
    if (steps.length > 0) seen.push(await table.read());
    if (request.fail_in?.join(' ') === step.join(' ')) throw new Error('the body raised');
    steps.push(step);
  };
  const ran = (rows: readonly string[]): Pick<Outcome, 'steps' | 'trace'> => {
    const isSeen = request.tx !== 'single' && steps.length > 0;
    return { steps, ...(isSeen ? { trace: [...seen, rows].slice(0, steps.length) } : {}) };
  };
  try {
    const answer = await answerOf(config, request);
    const rows = await table.read();
    return { ok: true, ...(answer.runs === true ? ran(rows) : {}), ...answer.outcome, rows };
  } catch (error) {
    const rows = await table.read();
    return failedOutcome(error, rows, ran(rows));
  } finally {
    globalThis.aludelConformanceBody = undefined;
  }
}

interface Answer {
  readonly outcome: Partial<Outcome>;
  /** True when the command may run bodies. */
  readonly runs?: true;
}

async function answerOf(config: AludelConfig, request: VectorRequest): Promise<Answer> {
  const ids = ({ revisions }: { readonly revisions: readonly RevisionDetail[] }): Answer => ({
    outcome: { ids: revisions.map(({ revision }) => revision) },
  });
  switch (request.cmd) {
    case 'upgrade':
      await upgrade(config, request.target ?? [], runOptions(request));
      return { outcome: {}, runs: true };
    case 'downgrade':
      await downgrade(config, targetsOf(request)[0] ?? '', runOptions(request));
      return { outcome: {}, runs: true };
    case 'stamp':
      await stamp(config, targetsOf(request), { purge: request.purge === true });
      return { outcome: {} };
    case 'current': {
      const report = await current(config);
      // What the command line makes of the report: exit codes, in this order.
      if (request.check_heads === true && !report.is_at_heads) {
        throw new AludelError('database.not-at-head', 'not at heads');
      }
      if (report.unknown.length > 0) throw new AludelError('database.unknown-revision', report.unknown.join(', '));
      return ids(report);
    }
    case 'heads':
      return ids(await heads(config, { resolveDependencies: request.resolve_dependencies === true }));
    case 'branches': {
      const report = await branches(config);
      const entries = report.branches.map(
        (branch) => [branch.revision.revision, branch.children.map(({ revision }) => revision)] as const,
      );
      return { outcome: { branchPoints: Object.fromEntries(entries) } };
    }
    case 'history':
      return ids(await history(config, request.range === undefined ? {} : { range: request.range }));
    case 'show':
      return ids(await show(config, targetsOf(request)));
    case 'revision': {
      const made = await revision(config, {
        ...creation(request),
        ...(request.head === undefined ? {} : { head: request.head }),
        ...(request.depends_on === undefined ? {} : { dependsOn: [request.depends_on] }),
      });
      return { outcome: { created: await readBack(config, made) } };
    }
    case 'merge': {
      const made = await merge(config, targetsOf(request), creation(request));
      return { outcome: { created: await readBack(config, made) } };
    }
    case 'plan-upgrade':
    case 'plan-downgrade':
    case 'plan-stamp':
      throw new Error(`${request.cmd} is not asked of a database`);
    default:
      return assertNever(request.cmd);
  }
}

/** What the new file says when the history is read again. The file is removed: records stand alone. */
async function readBack(config: AludelConfig, made: CreatedRevision): Promise<CreatedFile> {
  try {
    const { graph } = await openProject(config);
    const found = graph.revisions[graph.positionOf.get(made.revision) ?? -1];
    if (found === undefined) throw new Error(`revision ${made.revision} is not in the history afterwards`);
    return { id: found.id, down: found.downRevisions, deps: found.dependsOn, labels: found.branchLabels };
  } finally {
    rmSync(resolve(made.path));
  }
}

function runOptions({ tx }: VectorRequest): RunOptions {
  switch (tx) {
    case undefined:
      return {};
    case 'single':
      return { transactionMode: 'all' };
    case 'per-migration':
      return { transactionMode: 'revision' };
    case 'none':
      return { transactionMode: 'none' };
    default:
      return assertNever(tx);
  }
}

function creation(request: VectorRequest) {
  return {
    ...(request.rev_id === undefined ? {} : { revId: request.rev_id }),
    ...(request.branch_label === undefined ? {} : { branchLabel: request.branch_label }),
    splice: request.splice === true,
  };
}

function targetsOf(request: VectorRequest): readonly string[] {
  return request.target === undefined ? [] : [request.target].flat();
}

/** One module for each revision, in a new directory. Ids may hold what file names may not, so files are numbered. */
function writeFiles(directory: string, revisions: readonly VectorRevision[]): void {
  mkdirSync(directory);
  for (const [index, { id, down = [], deps = [], labels = [] }] of revisions.entries()) {
    const body = (name: string, direction: VectorStep[0]): string =>
      `export const ${name} = () => globalThis.aludelConformanceBody(${JSON.stringify([direction, id])});`;
    const lines = [
      `export const revision = ${JSON.stringify(id)};`,
      `export const down_revision = ${JSON.stringify(down)};`,
      `export const branch_labels = ${JSON.stringify(labels)};`,
      `export const depends_on = ${JSON.stringify(deps)};`,
      body('upgrade', 'up'),
      body('downgrade', 'down'),
    ];
    writeFileSync(join(directory, `r${index}.mjs`), `${lines.join('\n')}\n`);
  }
}

interface VersionTable {
  /** In no order; empty when the table is not there. */
  read(): Promise<readonly string[]>;
  /** Makes these the only rows. Leaves a table that is not there alone when there are none. */
  write(rows: readonly string[]): Promise<void>;
  exists(): Promise<boolean>;
  /** Drops the journal too. */
  drop(): Promise<void>;
}

function openVersionTable(dialect: Dialect, connection: Connection): VersionTable {
  const name = dialect.quoteTable(versionTable);
  const select = `SELECT version_num FROM ${name}`;
  const readOrNull = async (): Promise<readonly string[] | null> => {
    try {
      const { rows } = await connection.query(select);
      return rows.map((row) => String(row['version_num']));
    } catch (error) {
      if (dialect.explainError(error, select).kind === 'missing-table') return null;
      throw error;
    }
  };
  return {
    read: async () => (await readOrNull()) ?? [],
    async write(rows) {
      const before = await readOrNull();
      if (before === null && rows.length === 0) return;
      if (before === null) for (const sql of dialect.createVersionTable(versionTable)) await connection.query(sql);
      else if (before.length > 0) await connection.query(`DELETE FROM ${name}`);
      if (rows.length === 0) return;
      // A record may name a row twice; the table has a primary key.
      const tuples = [...new Set(rows)].map((row) => `(${dialect.literal(row)})`);
      await connection.query(`INSERT INTO ${name} (version_num) VALUES ${tuples.join(', ')}`);
    },
    exists: async () => (await readOrNull()) !== null,
    async drop() {
      for (const table of [versionTable, journalTable]) {
        await connection.query(`DROP TABLE IF EXISTS ${dialect.quoteTable(table)}`);
      }
    },
  };
}

/** The shape of the history as its reports tell it. */
function factsOf(revisions: readonly RevisionDetail[], effective: readonly RevisionDetail[]): GraphFacts {
  const idsOf = (list: readonly RevisionDetail[]): readonly string[] => list.map(({ revision }) => revision).toSorted();
  const labels = revisions.flatMap(({ revision, branch_labels }) =>
    branch_labels.length === 0 ? [] : [[revision, branch_labels] as const],
  );
  return {
    heads: idsOf(revisions.filter((one) => one.is_head)),
    real_heads: idsOf(effective),
    bases: idsOf(revisions.filter((one) => one.is_base)),
    real_bases: idsOf(revisions.filter((one) => one.is_base && one.depends_on.length === 0)),
    branch_points: idsOf(revisions.filter((one) => one.is_branch_point)),
    merge_points: idsOf(revisions.filter((one) => one.is_merge_point)),
    labels: Object.fromEntries(labels),
  };
}
