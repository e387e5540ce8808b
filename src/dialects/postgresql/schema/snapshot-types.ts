import { objectId } from '../../../schema/snapshot.ts';
import { qualified, whole, written, type Found } from './found-object.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, CollationRow, TypeRow } from './schema-rows.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';

/** Enums, domains, range types and collations. */
export function typeObjects({ types, collations }: Catalogue, ids: SchemaIds): readonly Found[] {
  return [...collations.map((row) => collation(row, ids)), ...types.map((row) => typeOf(row, ids))];
}

function typeOf(row: TypeRow, ids: SchemaIds): Found {
  const kind = row.kind === 'e' ? 'enum' : row.kind === 'd' ? 'domain' : 'range';
  const { schema, name } = row;
  const id = objectId(kind, schema, name);
  ids.add('pg_type', row.oid, whole(id), `${kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${qualified(row)}`);
  ids.add('pg_type', row.array_oid, whole(id));
  const common = { id, schema, name, owner: null, needs: [] };
  if (kind === 'enum') return { object: { ...common, kind, values: row.labels } };
  if (kind === 'range') {
    return {
      object: written(
        { ...common, kind },
        [`CREATE TYPE ${qualified(row)} AS RANGE (${row.range})`],
        `DROP TYPE ${qualified(row)}`,
      ),
    };
  }
  const checks = row.checks ?? [];
  for (const check of checks) {
    const target = `CONSTRAINT ${quoteIdentifier(check.name)} ON DOMAIN ${qualified(row)}`;
    ids.add('pg_constraint', check.oid, { object: id, part: check.name }, target);
  }
  return {
    object: {
      ...common,
      kind,
      type: row.collation === null ? row.base : `${row.base} COLLATE ${row.collation}`,
      nullable: !row.required,
      default: row.default,
      checks: checks.map(({ name: check, definition }) => ({ name: check, definition })),
    },
  };
}

/** `provider` is c for the operating system, i for ICU; its locale has had three names. */
function collation(row: CollationRow, ids: SchemaIds): Found {
  const { oid, schema, entry } = row;
  const name = String(entry['collname']);
  const id = objectId('collation', schema, name);
  const text = (...keys: readonly string[]): string | null =>
    keys.map((key) => entry[key]).find((value) => typeof value === 'string') ?? null;
  const [from, to] = [text('collcollate'), text('collctype')];
  const icu = text('colliculocale', 'colllocale');
  const parts = [
    ...(entry['collprovider'] === 'i' ? ['PROVIDER = icu'] : []),
    ...(icu === null ? [] : [`LOCALE = ${literal(icu)}`]),
    ...(icu === null && from !== null && to !== null
      ? [`LC_COLLATE = ${literal(from)}`, `LC_CTYPE = ${literal(to)}`]
      : []),
    ...(entry['collisdeterministic'] === false ? ['DETERMINISTIC = false'] : []),
  ];
  const place = qualified({ schema, name });
  ids.add('pg_collation', oid, whole(id), `COLLATION ${place}`);
  return {
    object: written(
      { id, kind: 'collation', schema, name },
      [`CREATE COLLATION ${place} (${parts.join(', ')})`],
      `DROP COLLATION ${place}`,
    ),
  };
}
