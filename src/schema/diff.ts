import { AludelError } from '../support/aludel-error.ts';
import { groupBy } from '../support/group-by.ts';
import type { Alteration, Change, ObjectRules, SchemaPair } from './change.ts';
import { comparable } from './comparable.ts';
import { inCreationOrder } from './creation-order.ts';
import type { Need, SchemaObject } from './snapshot.ts';

/**
 * The changes that make one schema into the other, in an order in which they can be carried out; none for schemas that are
 * the same. O(objects + needs) beside the comparison.
 *
 * 1. An object that differs is altered in place, or dropped and created where the dialect cannot.
 * 2. What needs something that is dropped, or a part that an alteration touches, is dropped before and created after.
 * 3. The order follows from the needs at both ends: a drop after the drops and the alterations of all that needed it, a
 *    creation or an alteration after those of what it needs, and after the drops of what must let go first.
 *
 * Throws schema.cannot-change where a table would have to be dropped and created, which loses its rows.
 */
export function diff(schemas: SchemaPair, rules: ObjectRules): readonly Change[] {
  const from = new Map(schemas.from.objects.map((object) => [object.id, object]));
  const to = new Map(schemas.to.objects.map((object) => [object.id, object]));
  const needing = groupBy(
    schemas.from.objects.flatMap((object) => object.needs.map((need) => ({ object, need }))),
    ({ need }) => need.object,
  );
  const alterations = new Map<string, Alteration>();
  const gone = new Map(schemas.from.objects.flatMap((object) => (to.has(object.id) ? [] : [[object.id, object]])));

  const waiting: { readonly id: string; readonly part: string | null }[] = [...gone.keys()].map((id) => ({
    id,
    part: null,
  }));
  for (const object of schemas.from.objects) {
    const other = to.get(object.id);
    if (other === undefined || gone.has(object.id) || same(object, other)) continue;
    const alteration = rules.alter(object, other, schemas);
    if (alteration === null) recreate(object, null);
    else {
      alterations.set(object.id, alteration);
      for (const part of alteration.renewed ?? []) renewNotes(part);
      waiting.push(...alteration.touched.map((need) => ({ id: need.object, part: need.part })));
    }
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, part } = next;
    for (const { object, need } of needing.get(id) ?? []) {
      if (gone.has(object.id) || (part !== null && (need.part !== part || isNote(object)))) continue;
      // A partition only has to come after the indexes it takes part in; one of those is dropped with the whole index. What
      // changes inside of its parent changes in it too.
      if (object.kind === 'partition' && (part !== null || from.get(id)?.kind !== 'table')) continue;
      const ofWhole = object.kind === 'indexPartition' && object.owner !== null ? from.get(object.owner) : undefined;
      if (ofWhole?.kind === 'index' && ofWhole.id !== id && !gone.has(ofWhole.id)) recreate(ofWhole, id);
      // What changes in place lets go by itself; the rest of a table stays whatever goes.
      const isChanged = alterations.has(id) && object.kind === 'table';
      if (isChanged || (letsGo(object, id) && (alterations.has(object.id) || object.kind === 'table'))) continue;
      recreate(object, id);
    }
  }
  return order();

  /** Whether what needs the other one now does so no more in the end. */
  function letsGo(object: SchemaObject, id: string): boolean {
    return to.get(object.id)?.needs.every((need) => need.object !== id) ?? true;
  }

  function renewNotes({ object: id, part }: Need): void {
    for (const { object, need } of needing.get(id) ?? []) {
      if (need.part === part && isNote(object) && !gone.has(object.id)) recreate(object, id);
    }
  }

  /** Throws for what has rows of its own. */
  function recreate(object: SchemaObject, because: string | null): void {
    if (['table', 'enum', 'domain', 'composite', 'sequence'].includes(object.kind)) throw cannotChange(object, because);
    gone.set(object.id, object);
    alterations.delete(object.id);
    waiting.push({ id: object.id, part: null });
  }

  function order(): readonly Change[] {
    const changes: Change[] = [];
    const begun = new Set<string>();
    const dropped = new Set<string>();
    const byPlace = groupBy(gone.values(), placeOf);
    for (const [id, { first }] of alterations) also(id, first);
    for (const object of inCreationOrder([...gone.values()]).toReversed()) {
      if (takenAlongBy(object) === null) drop(object);
    }
    for (const object of inCreationOrder(schemas.to.objects)) make(object);
    for (const [id, { last }] of alterations) also(id, last);
    return changes;

    function also(id: string, statements: readonly string[] = []): void {
      if (statements.length > 0) changes.push({ kind: 'alter', object: id, statements, loses: [] });
    }

    function drop(object: SchemaObject): void {
      if (begun.has(`drop ${object.id}`)) return;
      begun.add(`drop ${object.id}`);
      const owner = takenAlongBy(object);
      if (owner !== null) {
        drop(owner);
        // A ring of references: this one is undone first.
        if (object.kind === 'foreignKey' && !dropped.has(owner.id) && needsOther(object)) emit();
        return;
      }
      for (const key of foreignKeysOnWholeOf(object)) drop(key);
      for (const { object: other } of needing.get(object.id) ?? []) {
        // What goes with a partition goes when it is detached.
        if (takenAlongBy(other) === object || (object.kind === 'partition' && goesWith(other, object.owner))) continue;
        if (gone.has(other.id)) drop(other);
        else if (alterations.has(other.id)) make(to.get(other.id) ?? other);
      }
      emit();
      dropped.add(object.id);

      function emit(): void {
        const loses = object.kind === 'table' || object.kind === 'virtualTable' ? [object.id] : [];
        changes.push({ kind: 'drop', object: object.id, statements: rules.drop(object), loses });
      }
    }

    function make(object: SchemaObject): void {
      if (begun.has(`make ${object.id}`)) return;
      begun.add(`make ${object.id}`);
      const alteration = alterations.get(object.id);
      const isNew = !from.has(object.id) || gone.has(object.id);
      if (alteration === undefined && !isNew) return;
      for (const other of byPlace.get(placeOf(object)) ?? []) drop(other);
      if (alteration !== undefined) {
        for (const { object: other } of needing.get(object.id) ?? []) {
          if (gone.has(other.id)) drop(other);
          else if (alterations.has(other.id) && letsGo(other, object.id)) make(to.get(other.id) ?? other);
        }
        for (const touched of alteration.touched) {
          for (const { object: other } of needing.get(touched.object) ?? []) if (gone.has(other.id)) drop(other);
        }
      }
      for (const need of object.needs) {
        const needed = to.get(need.object);
        if (needed !== undefined) make(needed);
      }
      if (alteration === undefined) {
        changes.push({ kind: 'create', object: object.id, statements: rules.create(object), loses: [] });
      } else {
        const { statements, first = [], loses } = alteration;
        if (statements.length === 0 && first.length > 0) return;
        changes.push({ kind: 'alter', object: object.id, statements, loses });
      }
    }
  }

  /** Those that refer to what a partition is part of hold it as well, until it is detached. */
  function foreignKeysOnWholeOf(table: SchemaObject): readonly SchemaObject[] {
    const attachments = (needing.get(table.id) ?? []).filter(
      ({ object }) => object.kind === 'partition' && object.owner === table.id,
    );
    return attachments
      .flatMap(({ object }) => object.needs.filter((need) => need.object !== table.id && gone.has(need.object)))
      .flatMap((need) => needing.get(need.object) ?? [])
      .flatMap(({ object }) => (object.kind === 'foreignKey' && gone.has(object.id) ? [object] : []));
  }

  function isPartitioned(id: string): boolean {
    return (needing.get(id) ?? []).some(({ object }) => object.kind === 'partition' && object.owner !== id);
  }

  function goesWith(object: SchemaObject, id: string | null): boolean {
    const taker = takenAlongBy(object);
    return taker !== null && (taker.id === id || goesWith(taker, id));
  }

  /** The object whose drop drops this one too; null when it has to be dropped by itself. */
  function takenAlongBy(object: SchemaObject): SchemaObject | null {
    const owner = object.owner === null ? undefined : gone.get(object.owner);
    if (object.kind === 'sequence') {
      const tie = (needing.get(object.id) ?? []).find((one) => one.object.kind === 'sequenceOwner')?.object;
      return tie?.owner == null ? null : (gone.get(tie.owner) ?? null);
    }
    if (object.kind === 'index' && owner === undefined) {
      // An index that is part of a partitioned one goes with that.
      const tie = (needing.get(object.id) ?? []).find(
        (one) => one.object.kind === 'indexPartition' && one.object.owner === object.id,
      )?.object;
      const above = tie?.needs
        .map((need) => gone.get(need.object))
        .find((one) => one?.kind === 'index' && one.id !== object.id);
      if (above !== undefined) return above;
    }
    if (owner === undefined) return null;
    if (object.kind === 'foreignKey' && object.needs.some((need) => isPartitioned(need.object))) return null;
    // Detached first, a partition lets go of the keys that refer to the whole.
    if (
      object.kind === 'partition' &&
      object.needs.some(({ object: id }) => from.get(id)?.kind === 'table' && !gone.has(id))
    )
      return null;
    // Rights on a table outlive it there.
    if (object.kind === 'grant' && schemas.from.dialect === 'mysql') return null;
    const keepsSequence =
      object.kind === 'sequenceOwner' &&
      !object.needs.every((need) => need.object === owner.id || gone.has(need.object));
    return keepsSequence ? null : owner;
  }
}

function same(one: SchemaObject, other: SchemaObject): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

/** A comment stays on what is altered, and so do the tie of a sequence and a right. */
function isNote({ kind }: SchemaObject): boolean {
  return kind === 'comment' || kind === 'sequenceOwner' || kind === 'grant';
}

function needsOther({ needs, owner }: SchemaObject): boolean {
  return needs.some((need) => need.object !== owner);
}

/** Where no two objects can be, though their kinds differ. */
function placeOf({ kind, schema, name, owner }: SchemaObject): string {
  return JSON.stringify(owner === null ? [schema, name] : [kind, owner, name]);
}

function cannotChange({ id }: SchemaObject, because: string | null): AludelError {
  return new AludelError(
    'schema.cannot-change',
    because === null
      ? `The ${id} cannot be changed into what is wanted without losing what is in it.`
      : `The ${id} stands on the ${because}, which would have to be dropped and created anew.`,
    {
      hint: 'Write this change by hand: a new one beside it, the rows moved, the old one dropped.',
      facts: { object: id, because },
    },
  );
}
