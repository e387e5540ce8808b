import { objectId, type Snapshot } from './snapshot.ts';

/** The snapshot without these tables and all that hangs on them: those that the tool keeps for itself. */
export function withoutTables(
  snapshot: Snapshot,
  tables: readonly { readonly schema: string | null; readonly name: string }[],
): Snapshot {
  const left = new Set(
    tables.map(({ schema, name }) => objectId('table', snapshot.dialect === 'postgresql' ? schema : null, name)),
  );
  const isOwn = (id: string | null): boolean => id !== null && left.has(id);
  return { ...snapshot, objects: snapshot.objects.filter(({ id, owner }) => !isOwn(id) && !isOwn(owner)) };
}
