import { groupBy } from '../support/group-by.ts';
import { writtenKinds, type ObjectKind, type SchemaObject } from './snapshot.ts';

/** Which kinds come first among objects that do not need each other. */
const ranks: ReadonlyMap<ObjectKind, number> = new Map(
  (
    [
      ...writtenKinds.slice(0, writtenKinds.indexOf('function')),
      'enum',
      'domain',
      'composite',
      'sequence',
      'function',
      'procedure',
      'aggregate',
      'table',
      ...writtenKinds.slice(writtenKinds.indexOf('aggregate') + 1),
      // What is granted on new objects must not reach those that are only being made.
      'grant',
    ] as const
  ).map((kind, rank) => [kind, rank]),
);

/**
 * Objects in an order in which they can be created: each after what it needs or refers to of these, by kind where nothing else decides,
 * then as given. In a ring somebody has to come first. O(objects + needs).
 */
export function inCreationOrder(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const order: SchemaObject[] = [];
  const seen = new Set<SchemaObject>();
  const byRank = groupBy(objects, ({ kind }) => ranks.get(kind) ?? 0);
  for (const rank of [...byRank.keys()].toSorted((a, b) => a - b)) {
    for (const object of byRank.get(rank) ?? []) visit(object);
  }
  return order;

  function visit(object: SchemaObject): void {
    if (seen.has(object)) return;
    seen.add(object);
    const referredTo = object.kind === 'table' ? (object.refersTo ?? []) : [];
    for (const id of [...object.needs.map((need) => need.object), ...referredTo]) {
      const other = byId.get(id);
      if (other !== undefined) visit(other);
    }
    order.push(object);
  }
}
