/**
 * The laws written with sets and nothing else: slow, obvious, and sharing no code with the planner it judges.
 */
export interface ModelRevision {
  readonly id: string;
  readonly down?: readonly string[];
  readonly deps?: readonly string[];
  readonly labels?: readonly string[];
}

export interface ModelHistory {
  /** For each id, itself and everything it needs. */
  readonly closure: ReadonlyMap<string, ReadonlySet<string>>;
}

const models = new WeakMap<readonly ModelRevision[], ModelHistory>();

/** The model of a sound history; remembered, because a case is asked many times. */
export function modelOf(revisions: readonly ModelRevision[]): ModelHistory {
  const known = models.get(revisions);
  if (known !== undefined) return known;
  const byName = new Map<string, ModelRevision>();
  for (const revision of revisions) for (const label of revision.labels ?? []) byName.set(label, revision);
  for (const revision of revisions) byName.set(revision.id, revision);
  const closure = new Map<string, ReadonlySet<string>>();
  for (const revision of revisions) {
    const reached = new Set<string>();
    const open = [revision];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next.id)) continue;
      reached.add(next.id);
      open.push(...[...(next.down ?? []), ...(next.deps ?? [])].flatMap((name) => byName.get(name) ?? []));
    }
    closure.set(revision.id, reached);
  }
  const model = { closure };
  models.set(revisions, model);
  return model;
}

/** The revision and everything it needs; nothing for an id that is not in the history. */
export function needsOf(history: ModelHistory, id: string): ReadonlySet<string> {
  return history.closure.get(id) ?? new Set();
}

/** The members of a set that no other member needs, sorted by code point. */
export function maximalRows(history: ModelHistory, applied: ReadonlySet<string>): readonly string[] {
  const isNeeded = (id: string): boolean =>
    [...applied].some((other) => other !== id && needsOf(history, other).has(id));
  return [...applied].filter((id) => !isNeeded(id)).toSorted();
}
