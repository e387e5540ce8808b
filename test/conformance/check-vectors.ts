import type { ConformanceAdapter, ConformanceSession, Outcome } from './adapter.ts';
import { maximalRows, type ModelHistory, modelOf, needsOf } from './model.ts';
import type { GraphFacts, VectorCase, VectorFile, VectorRecord, VectorStep } from './vector-file.ts';

export interface CheckFailure {
  readonly caseId: string;
  /** The command as a person would write it, with the rows it starts from. */
  readonly command: string;
  readonly problems: readonly string[];
}

export interface CheckReport {
  readonly passed: number;
  readonly failed: readonly CheckFailure[];
  readonly skipped: number;
  /** Records the README does not count: how often the tool does as the reference does, and what it would corrupt. */
  readonly quirks: {
    readonly agree: number;
    readonly differ: readonly CheckFailure[];
    readonly corrupt: readonly CheckFailure[];
  };
  readonly facts: { readonly passed: number; readonly failed: readonly CheckFailure[] };
}

/** Runs every record of a file against a tool, by the rules of the conformance README ("How to check"). */
export async function checkVectors(file: VectorFile, adapter: ConformanceAdapter): Promise<CheckReport> {
  let passed = 0;
  let skipped = 0;
  let agree = 0;
  let factsPassed = 0;
  const failed: CheckFailure[] = [];
  const differ: CheckFailure[] = [];
  const corrupt: CheckFailure[] = [];
  const factsFailed: CheckFailure[] = [];
  for (const vectorCase of file.cases) {
    const session = await adapter.open(vectorCase.revisions);
    const factProblems = await problemsWithFacts(vectorCase, session);
    if (factProblems === null || factProblems.length === 0) factsPassed += factProblems === null ? 0 : 1;
    else factsFailed.push({ caseId: vectorCase.id, command: 'facts', problems: factProblems });
    for (const record of vectorCase.commands) {
      if ((adapter.skips?.(vectorCase, record) ?? null) !== null) {
        skipped++;
        continue;
      }
      const outcome = await session.run(record);
      const failure = (problems: readonly string[]): CheckFailure => ({
        caseId: vectorCase.id,
        command: commandOf(record),
        problems,
      });
      const problems = problemsWith(vectorCase, record, outcome);
      if (record.quirk === true) {
        const corruption = corruptionBy(vectorCase, record, outcome);
        if (corruption.length > 0) corrupt.push(failure(corruption));
        if (problems.length === 0) agree++;
        else differ.push(failure(problems));
      } else if (problems.length === 0) {
        passed++;
      } else {
        failed.push(failure(problems));
      }
    }
    await session.close();
  }
  return {
    passed,
    failed,
    skipped,
    quirks: { agree, differ, corrupt },
    facts: { passed: factsPassed, failed: factsFailed },
  };
}

/** One line for a record: command, flags, target and starting rows. */
function commandOf(record: VectorRecord): string {
  const flags = [
    record.purge === true ? '--purge' : '',
    record.check_heads === true ? '--check-heads' : '',
    record.resolve_dependencies === true ? '--resolve-dependencies' : '',
    record.head === undefined ? '' : `--head ${record.head}`,
    record.splice === true ? '--splice' : '',
    record.depends_on === undefined ? '' : `--depends-on ${record.depends_on}`,
    record.branch_label === undefined ? '' : `--branch-label ${record.branch_label}`,
    record.fail_in === undefined ? '' : `(failing in ${record.fail_in.join(' ')}, tx ${record.tx ?? 'none'})`,
  ];
  const targets = [record.target ?? [], record.range ?? []].flat().map((text) => JSON.stringify(text));
  return [record.cmd, ...targets, ...flags, `at [${record.before.join(', ')}]`].filter((word) => word !== '').join(' ');
}

function problemsWith(vectorCase: VectorCase, record: VectorRecord, outcome: Outcome): readonly string[] {
  const problems: string[] = [];
  if (vectorCase.graph_error !== undefined) {
    if (outcome.ok || outcome.errorGroup !== 'bad-graph') {
      problems.push(`the history must be refused (${vectorCase.graph_error}), but ${answerOf(outcome)}`);
    }
    return [...problems, ...differentSets('rows', record.before, outcome.rows)];
  }
  if (outcome.ok !== record.ok) {
    const wanted = record.ok ? 'success' : `an error of group ${record.error?.group ?? ''}`;
    problems.push(`expected ${wanted}, but ${answerOf(outcome)}`);
    return problems;
  }
  if (!record.ok) {
    const allowed = [record.error?.group ?? '', ...(record.error?.also ?? [])];
    if (!allowed.includes(outcome.errorGroup ?? '')) {
      problems.push(`expected an error of group ${allowed.join(' or ')}, but ${answerOf(outcome)}`);
    }
    if (record.fail_in === undefined && (outcome.steps ?? []).length > 0) problems.push('bodies ran although refused');
  }
  problems.push(...differentSets('rows', record.rows, outcome.rows));
  const history = modelOf(vectorCase.revisions);
  if (record.steps !== undefined) {
    problems.push(...problemsWithSteps(history, record.steps, record.order_is_forced === true, outcome.steps ?? []));
    const start = record.plan_start ?? record.before;
    problems.push(...problemsWithTrace(history, start, outcome));
  }
  if (record.ids !== undefined) problems.push(...problemsWithIds(history, record, outcome.ids ?? []));
  if (record.branch_points !== undefined) {
    problems.push(
      ...differentValues(
        'branch points',
        sortedEntries(record.branch_points),
        sortedEntries(outcome.branchPoints ?? {}),
      ),
    );
  }
  if (record.plan_start !== undefined)
    problems.push(...differentSets('plan_start', record.plan_start, outcome.planStart ?? []));
  if (record.plan_rows !== undefined)
    problems.push(...differentSets('plan_rows', record.plan_rows, outcome.planRows ?? []));
  if (record.created !== undefined) problems.push(...differentValues('created', record.created, outcome.created));
  return problems;
}

function problemsWithSteps(
  history: ModelHistory,
  expected: readonly VectorStep[],
  isForced: boolean,
  actual: readonly VectorStep[],
): readonly string[] {
  const texts = (steps: readonly VectorStep[]): readonly string[] =>
    steps.map(([direction, id]) => `${direction} ${id}`);
  const members = differentSets('steps', texts(expected), texts(actual));
  if (members.length > 0) return members;
  if (isForced) return differentValues('order of steps', texts(expected), texts(actual));
  const [first] = actual;
  const upwards = first?.[0] === 'up' ? actual : actual.toReversed();
  return orderProblems(
    history,
    upwards.map(([, id]) => id),
  );
}

/** Rows after each step must be the maximal elements of what is applied then, computed from the sets alone. */
function problemsWithTrace(history: ModelHistory, start: readonly string[], outcome: Outcome): readonly string[] {
  if (outcome.trace === undefined) return [];
  const applied = new Set(start.flatMap((id) => [...needsOf(history, id)]));
  for (const [at, [direction, id]] of (outcome.steps ?? []).entries()) {
    if (direction === 'up') applied.add(id);
    else applied.delete(id);
    const problems = differentSets(
      `rows after ${direction} ${id}`,
      maximalRows(history, applied),
      outcome.trace[at] ?? [],
    );
    if (problems.length > 0) return problems;
  }
  return [];
}

function problemsWithIds(history: ModelHistory, record: VectorRecord, actual: readonly string[]): readonly string[] {
  const expected = record.ids ?? [];
  const members = differentSets('ids', expected, actual);
  if (members.length > 0 || record.cmd !== 'history') return members;
  if (record.order_is_forced === true) return differentValues('order of ids', expected, actual);
  return orderProblems(history, actual.toReversed());
}

/** Oldest first: nothing may stand before something it needs. */
function orderProblems(history: ModelHistory, ids: readonly string[]): readonly string[] {
  const listed = new Set(ids);
  const seen = new Set<string>();
  for (const id of ids) {
    const early = [...needsOf(history, id)].find((need) => need !== id && listed.has(need) && !seen.has(need));
    if (early !== undefined) return [`${id} comes before ${early}, which it needs`];
    seen.add(id);
  }
  return [];
}

async function problemsWithFacts(
  vectorCase: VectorCase,
  session: ConformanceSession,
): Promise<readonly string[] | null> {
  if (vectorCase.facts === undefined || session.facts === undefined) return null;
  // A case all of whose records are quirks may be a history that we refuse and the reference does not.
  if (vectorCase.commands.every((record) => record.quirk === true)) return null;
  const { facts, unstable_facts: unstable = [] } = vectorCase;
  const actual = await session.facts();
  return factNames.flatMap((name) =>
    unstable.includes(name) ? [] : differentValues(name, normal(facts[name]), normal(actual[name])),
  );
}

const factNames = [
  'heads',
  'real_heads',
  'bases',
  'real_bases',
  'branch_points',
  'merge_points',
  'labels',
] as const satisfies readonly (keyof GraphFacts)[];

function normal(fact: GraphFacts[keyof GraphFacts]): unknown {
  return 'length' in fact ? fact : sortedEntries(fact);
}

/** What a quirk record may never do: change rows while refusing, or leave rows that no sound table has. */
function corruptionBy(vectorCase: VectorCase, record: VectorRecord, outcome: Outcome): readonly string[] {
  if (!outcome.ok) {
    const moved = record.fail_in === undefined ? differentSets('rows after refusing', record.before, outcome.rows) : [];
    return outcome.errorGroup === 'internal' ? [...moved, `an untyped error: ${outcome.errorText ?? ''}`] : moved;
  }
  const changes = record.cmd === 'upgrade' || record.cmd === 'downgrade' || record.cmd === 'stamp';
  const idle = (outcome.steps ?? []).length === 0 && record.cmd !== 'stamp';
  if (!changes || idle)
    return differentSets('rows after reading', [...new Set(record.before)], [...new Set(outcome.rows)]);
  const history = modelOf(vectorCase.revisions);
  const applied = new Set(outcome.rows.flatMap((id) => [...needsOf(history, id)]));
  return differentSets('rows against the law', maximalRows(history, applied), outcome.rows);
}

function answerOf(outcome: Outcome): string {
  if (outcome.ok) return `it succeeded${outcome.steps === undefined ? '' : ` with ${JSON.stringify(outcome.steps)}`}`;
  return `it failed with group ${outcome.errorGroup ?? 'none'} (${outcome.errorText ?? ''})`;
}

/** Compares as sets, and refuses repeats on our side. */
function differentSets(what: string, expected: readonly string[], actual: readonly string[]): readonly string[] {
  return differentValues(what, [...new Set(expected)].toSorted(), actual.toSorted());
}

function differentValues(what: string, expected: unknown, actual: unknown): readonly string[] {
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(actual)];
  return wanted === got ? [] : [`${what}: expected ${wanted}, got ${got}`];
}

function sortedEntries(record: Readonly<Record<string, readonly string[]>>): readonly unknown[] {
  return Object.entries(record)
    .map(([key, values]) => [key, values.toSorted()] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
