import type { TableName } from '../../src/dialects/connection.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import type { ScriptFrame, ScriptPart, ScriptSection, ScriptTables } from '../../src/dialects/script/script-rules.ts';

/** A statement of a step; one that is `apart` stays though the step fails, and has a number. */
export interface HandMadeStatement {
  readonly sql: string;
  readonly apart?: boolean;
}

export interface HandMadeStep {
  readonly revision: string;
  readonly direction?: 'upgrade' | 'downgrade';
  readonly rowsBefore: readonly string[];
  readonly rowsAfter: readonly string[];
  readonly comment?: string;
  readonly statements: readonly HandMadeStatement[];
}

export interface HandMadeOptions {
  readonly idempotent?: boolean;
  readonly session?: readonly string[];
  readonly tables?: ScriptTables;
}

const inDefaultSchema = (name: string): TableName => ({ schema: null, name });

export const tables: ScriptTables = {
  versions: inDefaultSchema('aludel_version'),
  journal: inDefaultSchema('aludel_journal'),
  lock: inDefaultSchema('aludel_lock'),
};

/** A script of these steps, each of which changes the version rows by one row at most. */
export function handMade(dialect: Dialect, steps: readonly HandMadeStep[], options: HandMadeOptions = {}): string {
  const used = options.tables ?? tables;
  const sections = steps.map((step) => sectionOf(dialect, step, used));
  const frame: ScriptFrame = {
    tables: used,
    session: options.session ?? [],
    from: steps[0]?.rowsBefore ?? null,
    to: steps.at(-1)?.rowsAfter ?? [],
    idempotent: options.idempotent === true,
    passedOver: null,
    steps: sections.map(({ revision, direction, rowsBefore, rowsAfter }) => ({
      revision,
      direction,
      rowsBefore,
      rowsAfter,
    })),
  };
  const prepare = [...dialect.createVersionTable(used.versions), ...dialect.createJournalTable(used.journal)];
  return [
    dialect.script.opening(frame, prepare),
    ...sections.map((section) => dialect.script.section(section, frame)),
    dialect.script.closing(frame),
  ].join('');
}

function sectionOf(dialect: Dialect, step: HandMadeStep, { versions, journal }: ScriptTables): ScriptSection {
  const { revision, direction = 'upgrade', rowsBefore, rowsAfter } = step;
  const part = (sql: string, unlessDone: number | null = null): ScriptPart => ({ kind: 'statement', sql, unlessDone });
  const row = (event: string, statement: number | null): string =>
    `INSERT INTO ${dialect.quoteTable(journal)} (run_id, at, event, revision, direction, statement, actor, tool) VALUES ` +
    `('run', ${dialect.script.now}, '${event}', ${dialect.literal(revision)}, '${direction}', ` +
    `${statement ?? 'NULL'}, ${dialect.script.actor}, 'aludel')`;
  let number = 0;
  let inside = false;
  const parts: ScriptPart[] = [{ kind: 'comment', text: step.comment ?? `${direction} ${revision}` }];
  const turn = (toInside: boolean): void => {
    if (toInside !== inside) parts.push(part(toInside ? dialect.beginStatement : 'COMMIT'));
    inside = toInside;
  };
  for (const { sql, apart = false } of step.statements) {
    number++;
    turn(!apart);
    if (!apart) parts.push(part(sql));
    else if (dialect.traitsOf(sql).implicitCommit)
      parts.push(part(row('intent', number), number), part(sql, number), part(row('done', number), number));
    else parts.push(part(dialect.beginStatement), part(sql, number), part(row('done', number), number), part('COMMIT'));
  }
  turn(true);
  parts.push(
    ...versionStatements(dialect, versions, rowsBefore, rowsAfter).map((sql) => part(sql)),
    part(row(direction === 'upgrade' ? 'applied' : 'reverted', null)),
    part('COMMIT'),
  );
  return { revision, direction, rowsBefore, rowsAfter, parts };
}

function versionStatements(
  dialect: Dialect,
  versions: TableName,
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const name = dialect.quoteTable(versions);
  const gone = before.filter((row) => !after.includes(row)).map((row) => dialect.literal(row));
  const come = after.filter((row) => !before.includes(row)).map((row) => dialect.literal(row));
  const [from] = gone;
  const [to] = come;
  if (from !== undefined && to !== undefined)
    return dialect.changingOneRow(`UPDATE ${name} SET version_num = ${to} WHERE version_num = ${from}`);
  if (from !== undefined) return dialect.changingOneRow(`DELETE FROM ${name} WHERE version_num = ${from}`);
  return to === undefined ? [] : [`INSERT INTO ${name} (version_num) VALUES (${to})`];
}
