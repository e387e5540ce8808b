import { groupBy } from '../../../support/group-by.ts';
import { objectId, type Grant, type GrantTarget, type Need } from '../../../schema/snapshot.ts';
import { grantObject } from '../../schema/granted-rights.ts';
import { whole, type Found } from './found-object.ts';
import { rightsText } from './rights-text.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, DefaultGrantRow, GrantRow, RightRow } from './schema-rows.ts';

/**
 * Who may do what: an object for each grantee and thing, where that is not what it would be without a word. `unread` takes
 * what others than the owner granted: a REVOKE by the owner leaves it.
 */
export function grantObjects(
  { grants = [], defaultGrants = [], ...catalogue }: Catalogue,
  ids: SchemaIds,
  unread: string[],
): readonly Found[] {
  return [
    ...grants.flatMap((row) => {
      const place = placeOf(row, catalogue, ids);
      if (place === null) return [];
      const [own, foreign] = byGrantor(row.held ?? []);
      for (const { name, grantee, grantor } of foreign)
        unread.push(`${name} of ${grantee} on ${place.subject}, granted by ${grantor}`);
      return rightsOn(place, own, usualOf(row));
    }),
    ...defaultGrants.flatMap((row) => rightsOn(placeOfNew(row), row.held ?? [], row.usual ?? [])),
  ];
}

interface Place {
  readonly on: GrantTarget;
  /** Names it in the ids of rights. */
  readonly subject: string;
  /** What it goes with; null for what is always there. */
  readonly need: Need | null;
}

function rightsOn(
  { on, subject, need }: Place,
  held: readonly RightRow[],
  usual: readonly RightRow[],
): readonly Found[] {
  const holds = groupBy(held, ({ grantee }) => grantee);
  const has = groupBy(usual, ({ grantee }) => grantee);
  return [...new Set([...holds.keys(), ...has.keys()])].flatMap((grantee): readonly Found[] => {
    const right = {
      grantee,
      on,
      privileges: merged(holds.get(grantee) ?? []),
      usual: (has.get(grantee) ?? []).map(({ name }) => name),
    };
    const object = grantObject({ ...right, owner: need?.object ?? null, subject, needs: [] }, rightsText(right));
    return object.definition.length === 0 ? [] : [{ object, needs: need === null ? [] : [need] }];
  });
}

/** Those of the owner and of whoever asks, and those of others. */
function byGrantor(rows: readonly RightRow[]): readonly [readonly RightRow[], readonly RightRow[]] {
  return [rows.filter(({ grantor }) => grantor === null), rows.filter(({ grantor }) => grantor !== null)];
}

/** The owner and whoever asks may both have granted the same. */
function merged(rows: readonly RightRow[]): Grant['privileges'] {
  return [...groupBy(rows, ({ name }) => name)].map(([name, same]) => ({
    name,
    grantable: same.some(({ grantable }) => grantable),
  }));
}

/** What everybody may in the schema public of a new database is no default of the server's, and was more before version 15. */
function usualOf({ catalogue, name, usual, version }: GrantRow): readonly RightRow[] {
  if (catalogue !== 'pg_namespace' || name !== 'public') return usual ?? [];
  const names = version >= 150_000 ? ['USAGE'] : ['CREATE', 'USAGE'];
  return names.map((one) => ({ grantee: 'PUBLIC', name: one, grantable: false, grantor: null }));
}

/** Null for what is not in the snapshot. */
function placeOf(row: GrantRow, { routines }: Pick<Catalogue, 'routines'>, ids: SchemaIds): Place | null {
  const { catalogue, oid, number, schema, name } = row;
  const common = { schema, name, column: null, parameters: null, role: null };
  if (catalogue === 'pg_namespace') {
    const need = ids.find(catalogue, oid);
    return { on: { ...common, kind: 'schema' }, subject: objectId('schema', name), need };
  }
  if (row.holder !== null) {
    const need = ids.find('pg_class', row.holder);
    return need && { on: { ...common, kind: 'sequence' }, subject: objectId('sequence', schema, name), need };
  }
  const need = ids.find(catalogue, oid, number);
  const kind = kindOf(need);
  if (need === null || kind === null) return null;
  const routine = routines.find((one) => catalogue === 'pg_proc' && String(one.oid) === String(oid));
  const subject = need.part === null ? need.object : `${need.object} column ${need.part}`;
  return { on: { ...common, kind, column: need.part, parameters: routine?.arguments ?? null }, subject, need };
}

/** What GRANT calls it. */
function kindOf(need: Need | null): GrantTarget['kind'] | null {
  switch (need?.object.split(' ')[0]) {
    case 'table':
    case 'view':
    case 'materializedView':
      return 'table';
    case 'sequence':
      return 'sequence';
    case 'function':
    case 'aggregate':
      return 'function';
    case 'procedure':
      return 'procedure';
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return 'type';
    default:
      return null;
  }
}

const newObjects: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
  L: 'LARGE OBJECTS',
};

function placeOfNew({ role, schema, kind }: DefaultGrantRow): Place {
  const name = newObjects[kind] ?? '';
  const words = ['new', name.toLowerCase()];
  const inside = schema === null ? [] : ['in', schema];
  return {
    on: { kind: 'newObjects', schema, name, column: null, parameters: null, role },
    subject: [...words, ...inside, ...(role === null ? [] : ['of', role])].join(' '),
    need: schema === null || schema === 'public' ? null : whole(objectId('schema', schema)),
  };
}
