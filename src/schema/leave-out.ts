import { AludelError } from '../support/aludel-error.ts';
import { byCodePoint } from '../support/text.ts';
import type { Change, SchemaPair } from './change.ts';
import { leftOutOf, type ObjectFilter } from './object-filter.ts';
import type { Snapshot } from './snapshot.ts';

/** A comparison in which some things stay as they are. */
export interface Narrowed {
  /** The target, with what does not count as it is at the start. */
  readonly to: Snapshot;
  /** Ids of what no change may touch. */
  readonly kept: ReadonlySet<string>;
  /** What stays although the target does not have it, in words. */
  readonly remarks: readonly string[];
}

/**
 * Takes what the filter leaves out as it is at the start, so that no change comes of it:
 *
 * 1. What is left out at the start is in the target as it is; what is left out in the target is not there.
 * 2. What needs something that is excluded stays as it is too, but for tables, which change in place, and for what goes
 *    with its table.
 * 3. What it stands on itself is not dropped.
 * 4. A part of the target that needs something which is left out, and is not there at the start, is left out too.
 */
export function leaveOut({ from, to }: SchemaPair, filter: ObjectFilter): Narrowed {
  const outOfTarget = new Set(leftOutOf(to, filter));
  const before = new Map(from.objects.map((object) => [object.id, object]));
  const wanted = new Map(to.objects.filter(({ id }) => !outOfTarget.has(id)).map((object) => [object.id, object]));
  const kept = new Set(leftOutOf(from, filter));
  const frozen = new Set(leftOutOf(from, { include: [], exclude: filter.exclude }));
  const stays = (id: string | null): boolean => id === null || wanted.has(id) || kept.has(id);
  for (let size = -1; size !== frozen.size;) {
    size = frozen.size;
    for (const object of from.objects) {
      if (object.kind === 'table' || frozen.has(object.id) || !stays(object.owner)) continue;
      if (!object.needs.some((need) => frozen.has(need.object) && !isRoom(need.object))) continue;
      frozen.add(object.id);
      kept.add(object.id);
    }
  }
  const remarks: string[] = [];
  const result = new Map(wanted);
  for (const id of kept) keep(id, null);
  for (let size = -1; size !== outOfTarget.size;) {
    size = outOfTarget.size;
    for (const { id, needs } of wanted.values()) {
      const missing = needs.find((need) => outOfTarget.has(need.object) && !result.has(need.object));
      if (missing === undefined || outOfTarget.has(id)) continue;
      outOfTarget.add(id);
      result.delete(id);
      kept.add(id);
      keep(id, null);
      remarks.push(`The ${id} is left out too: it stands on the ${missing.object}, which is not at the start.`);
    }
  }
  return {
    to: { ...to, objects: [...result.values()].toSorted((a, b) => byCodePoint(a.id, b.id)) },
    kept,
    remarks,
  };

  /** What only holds others says nothing of them. */
  function isRoom(id: string): boolean {
    return ['schema', 'extension', 'collation'].includes(before.get(id)?.kind ?? '');
  }

  /** As it is at the start, with all it stands on. */
  function keep(id: string, because: string | null): void {
    const object = before.get(id);
    if (object === undefined || (because !== null && result.has(id))) return;
    result.set(id, object);
    if (because !== null && object.kind !== 'schema' && !kept.has(id)) {
      remarks.push(`The ${id} stays: ${because}, which is left out, stands on it.`);
    }
    for (const need of object.needs) keep(need.object, id);
    if (because === null) return;
    // What hangs on it is no different from what it is at the start either.
    for (const other of from.objects) if (other.owner === id) keep(other.id, id);
  }
}

/** Throws schema.cannot-change for a change of something that is left out, which another change has made necessary. */
export function refuseTouching(changes: readonly Pick<Change, 'object'>[], kept: ReadonlySet<string>): void {
  const touched = changes.find(({ object }) => kept.has(object));
  if (touched === undefined) return;
  throw new AludelError(
    'schema.cannot-change',
    `The ${touched.object} is left out of the comparison, and would have to be dropped and made anew for what it stands on.`,
    {
      hint: 'Leave out what it stands on as well, or let it take part: see include and exclude.',
      facts: { object: touched.object },
    },
  );
}
