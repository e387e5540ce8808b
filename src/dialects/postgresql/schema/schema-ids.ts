import { byCodePoint } from '../../../support/text.ts';
import type { Need } from '../../../schema/snapshot.ts';

/** Finds the objects of a snapshot by what the catalogue calls them: the catalogue's name and a number in it. */
export interface SchemaIds {
  /** `target` is how COMMENT ON names it; without one it takes no comment. */
  add(catalogue: string, oid: unknown, need: Need, target?: string): void;
  addColumn(relation: unknown, number: unknown, name: string): void;
  /** What this object, or column of it, is in the snapshot; null for what is not in it. */
  find(catalogue: string, oid: unknown, number?: unknown): Need | null;
  /** How COMMENT ON names it; null for what takes none. */
  target(catalogue: string, oid: unknown): string | null;
}

export function createSchemaIds(): SchemaIds {
  const known = new Map<string, { readonly need: Need; readonly target: string | null }>();
  const columns = new Map<string, string>();
  const key = (catalogue: string, oid: unknown): string => `${catalogue} ${String(oid)}`;
  return {
    add(catalogue, oid, need, target) {
      known.set(key(catalogue, oid), { need, target: target ?? null });
    },
    addColumn(relation, number, name) {
      columns.set(key(String(number), relation), name);
    },
    find(catalogue, oid, number = 0) {
      const need = known.get(key(catalogue, oid))?.need ?? null;
      if (need === null || number === 0) return need;
      return { object: need.object, part: columns.get(key(String(number), oid)) ?? need.part };
    },
    target: (catalogue, oid) => known.get(key(catalogue, oid))?.target ?? null,
  };
}

/** Needs without doubles and without the object itself, in order; a part stands for its whole too. */
export function tidy(id: string, needs: readonly Need[]): readonly Need[] {
  const textOf = ({ object, part }: Need): string => JSON.stringify([object, part]);
  const others = needs.filter(({ object }) => object !== id);
  return [...new Map(others.map((need) => [textOf(need), need])).entries()]
    .toSorted(([a], [b]) => byCodePoint(a, b))
    .map(([, need]) => need);
}
