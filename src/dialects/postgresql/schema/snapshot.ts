import { byCodePoint } from '../../../support/text.ts';
import { objectId, type Need, type Snapshot } from '../../../schema/snapshot.ts';
import { whole, written, type Found } from './found-object.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';
import { createSchemaIds, tidy, type SchemaIds } from './schema-ids.ts';
import type { Catalogue, Oid } from './schema-rows.ts';
import { grantObjects } from './snapshot-grants.ts';
import { relationObjects } from './snapshot-relations.ts';
import { routineObjects } from './snapshot-routines.ts';
import { typeObjects } from './snapshot-types.ts';

/**
 * The objects of a catalogue.
 *
 * 1. Each part makes its objects and says in `ids` which they are.
 * 2. Comments find the object they are on.
 * 3. Dependencies are those of the catalogue, told by the objects at both ends; what is inside an object, as a default
 *    is, needs for it.
 */
export function snapshotOf(catalogue: Catalogue): Snapshot {
  const ids = createSchemaIds();
  for (const { catalogue: place, oid, extension } of catalogue.members) {
    const name = catalogue.extensions.find((one) => String(one.oid) === String(extension))?.name;
    if (name !== undefined) ids.add(nameOf(catalogue, place), oid, whole(objectId('extension', name)));
  }
  const unread: string[] = catalogue.unread.map(({ name }) => name);
  const found: readonly Found[] = [
    ...spaceObjects(catalogue, ids),
    ...typeObjects(catalogue, ids),
    ...relationObjects(catalogue, ids),
    ...routineObjects(catalogue, ids, unread),
  ];
  const all = [...found, ...commentObjects(catalogue, ids), ...grantObjects(catalogue, ids, unread)];
  const needs = needsOf(catalogue, ids);
  return {
    dialect: 'postgresql',
    objects: all
      .map(({ object, needs: more = [] }) => ({
        ...object,
        needs: tidy(object.id, [
          ...(needs.get(object.id) ?? []),
          ...more,
          ...(object.owner === null ? [] : [whole(object.owner)]),
        ]),
      }))
      .toSorted((a, b) => byCodePoint(a.id, b.id)),
    unread: unread.toSorted(byCodePoint),
  };
}

function spaceObjects({ schemas, extensions }: Catalogue, ids: SchemaIds): readonly Found[] {
  return [
    ...schemas.map(({ oid, name }): Found => {
      const quoted = quoteIdentifier(name);
      const id = objectId('schema', name);
      ids.add('pg_namespace', oid, whole(id), `SCHEMA ${quoted}`);
      return {
        object: written(
          { id, kind: 'schema', schema: null, name },
          [`CREATE SCHEMA ${quoted}`],
          `DROP SCHEMA ${quoted}`,
        ),
      };
    }),
    // Its comment comes with it.
    ...extensions.map(({ oid, name, schema }): Found => {
      const id = objectId('extension', name);
      ids.add('pg_extension', oid, whole(id));
      const sql = `CREATE EXTENSION ${quoteIdentifier(name)} WITH SCHEMA ${quoteIdentifier(schema)}`;
      return {
        object: written(
          { id, kind: 'extension', schema: null, name },
          [sql],
          `DROP EXTENSION ${quoteIdentifier(name)}`,
        ),
      };
    }),
  ];
}

function commentObjects({ comments, ...catalogue }: Catalogue, ids: SchemaIds): readonly Found[] {
  const names = new Map(catalogue.catalogues.map(({ oid, name }) => [String(oid), name]));
  return comments.flatMap(({ catalogue: place, oid, number, text }): readonly Found[] => {
    const name = names.get(String(place)) ?? '';
    const need = ids.find(name, oid, number);
    const target = ids.target(name, oid);
    if (need === null || target === null) return [];
    const column = number > 0 ? need.part : null;
    const on =
      column === null
        ? target
        : `COLUMN ${target.replace(/^(?:MATERIALIZED VIEW|\w+) /, '')}.${quoteIdentifier(column)}`;
    // A constraint is no object of its own, but its comment is on it and not on the table.
    const words = name === 'pg_class' && number === 0 ? 'index ' : '';
    const subject = need.part === null ? need.object : `${need.object} ${words}${need.part}`;
    const object = written(
      { id: objectId('comment', subject), kind: 'comment', schema: null, name: on, owner: need.object },
      [`COMMENT ON ${on} IS ${literal(text)}`],
      `COMMENT ON ${on} IS NULL`,
    );
    return [{ object, needs: [need] }];
  });
}

/** By the id of the object that needs. */
function needsOf(catalogue: Catalogue, ids: SchemaIds): ReadonlyMap<string, readonly Need[]> {
  const names = new Map(catalogue.catalogues.map(({ oid, name }) => [String(oid), name]));
  const held = heldOtherwise(catalogue);
  const needs = new Map<string, Need[]>();
  for (const row of catalogue.dependencies) {
    const needing = ids.find(names.get(String(row.catalogue)) ?? '', row.oid);
    const needed = ids.find(names.get(String(row.needed_catalogue)) ?? '', row.needed, row.part);
    if (needing === null || needed === null || held.has(`${String(row.oid)} ${String(row.needed)}`)) continue;
    const list = needs.get(needing.object) ?? [];
    list.push(needed);
    needs.set(needing.object, list);
  }
  return needs;
}

/** A partition and its table, a sequence and its column: an object of its own ties them together. */
function heldOtherwise({ relations, sequences }: Catalogue): ReadonlySet<string> {
  const pair = (oid: Oid, other: Oid): string => `${String(oid)} ${String(other)}`;
  return new Set([
    ...relations.filter(({ bound }) => bound !== null).flatMap((one) => one.parents.map((up) => pair(one.oid, up))),
    ...sequences.flatMap(({ oid, owner }) => (owner === null ? [] : [pair(oid, owner)])),
  ]);
}

function nameOf({ catalogues }: Catalogue, oid: Oid): string {
  return catalogues.find((one) => String(one.oid) === String(oid))?.name ?? '';
}
