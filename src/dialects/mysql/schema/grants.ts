import { groupBy } from '../../../support/group-by.ts';
import { objectId, type Grant, type GrantTarget, type Need, type SchemaObject } from '../../../schema/snapshot.ts';
import type { Connection, Row } from '../../connection.ts';
import { grantObject } from '../../schema/granted-rights.ts';
import { rightsText } from './rights-text.ts';

/** `unread` names those that no GRANT or REVOKE without the name of the database reaches. */
interface FoundRights {
  readonly grants: readonly Grant[];
  readonly unread: readonly string[];
}

/**
 * Who may do what in the database of the connection, but for whoever asks. Rights outlive what they are on: those on what is
 * not among these objects are left out, when some are given. It takes a user who may read the database `mysql`.
 */
export async function readGrants(
  connection: Connection,
  objects: readonly SchemaObject[] | null,
): Promise<FoundRights> {
  const { rows } = await connection.query(listing);
  const known = objects && new Map(objects.map(({ id }) => [id.toLowerCase(), id]));
  const unread: string[] = [];
  const grants = [...groupBy(rows, placeKey).values()].flatMap((same): readonly Grant[] => {
    const [first = {}] = same;
    if (first['kind'] === 'pattern') {
      unread.push(`grant to ${accountOf(String(first['grantee']))} on database ${String(first['name'])}`);
      return [];
    }
    const target = targetOf(first, known);
    if (target === null) return [];
    const { on, need } = target;
    const right = { grantee: accountOf(String(first['grantee'])), on, privileges: privilegesOf(same), usual: [] };
    const subject =
      need === null ? 'database' : need.part === null ? need.object : `${need.object} column ${need.part}`;
    const object = grantObject(
      { ...right, owner: need?.object ?? null, subject, needs: need === null ? [] : [need] },
      rightsText(right),
    );
    return object.definition.length === 0 ? [] : [object];
  });
  return { grants, unread };
}

/** The right to pass on belongs to the whole object, also where all that is granted is on columns of it. */
function privilegesOf(rows: readonly Row[]): Grant['privileges'] {
  const grantable = rows.some((row) => Number(row['passes_on']) === 1);
  const names = rows
    .flatMap((row) => String(row['privilege']).toUpperCase().split(','))
    .filter((name) => !['USAGE', 'GRANT', ''].includes(name));
  const all = names.length === 0 && grantable ? ['USAGE'] : [...new Set(names)];
  return all.map((name) => ({ name, grantable }));
}

/**
 * In the name that rights on a database have, `_` and `%` stand for any letters unless a backslash is before them. One with
 * backslashes is another right than that of ON *, which has the name as it is: the server finds no such right to revoke.
 */
const inDatabase = String.raw`REPLACE(REPLACE(table_schema, '\\_', '_'), '\\%', '%') = DATABASE()`;

/** As information_schema writes whoever asks. */
const notOwn = `grantee <> CONCAT("'", REPLACE(CURRENT_USER(), '@', "'@'"), "'")`;

/** A row for each privilege, or for each routine with a list of them. A role of MariaDB's has no host. */
const listing = `
  SELECT grantee, IF(table_schema = DATABASE(), 'database', 'pattern') AS kind,
         IF(table_schema = DATABASE(), NULL, table_schema) AS name, NULL AS part, privilege_type AS privilege, is_grantable = 'YES' AS passes_on
  FROM information_schema.schema_privileges WHERE ${inDatabase} AND ${notOwn}
  UNION ALL SELECT grantee, 'table', table_name, NULL, privilege_type, is_grantable = 'YES'
  FROM information_schema.table_privileges WHERE table_schema = DATABASE() AND ${notOwn}
  UNION ALL SELECT DISTINCT grantee, 'table', table_name, NULL, 'USAGE', 1
  FROM information_schema.column_privileges WHERE table_schema = DATABASE() AND is_grantable = 'YES' AND ${notOwn}
  UNION ALL SELECT grantee, 'table', table_name, column_name, privilege_type, 0
  FROM information_schema.column_privileges WHERE table_schema = DATABASE() AND ${notOwn}
  UNION ALL SELECT CONCAT("'", user, "'@'", host, "'"), LOWER(routine_type), routine_name, NULL, proc_priv,
                   FIND_IN_SET('Grant', proc_priv) > 0
  FROM mysql.procs_priv WHERE db = DATABASE() AND CONCAT(user, '@', host) <> CURRENT_USER()`;

function placeKey({ grantee, kind, name, part }: Row): string {
  return JSON.stringify([grantee, kind, name, part]);
}

function targetOf(
  row: Row,
  known: ReadonlyMap<string, string> | null,
): { readonly on: GrantTarget; readonly need: Need | null } | null {
  const kind = String(row['kind']);
  const common = { schema: null, column: null, parameters: null, role: null };
  if (kind === 'database') return { on: { ...common, kind, name: null }, need: null };
  const name = String(row['name']);
  const part = typeof row['part'] === 'string' ? row['part'] : null;
  const isRoutine = kind === 'function' || kind === 'procedure';
  // Names of routines are kept in small letters there.
  const object = (isRoutine ? [kind] : ['table', 'view', 'sequence'])
    .map((one) => (known === null ? objectId(one, name) : known.get(objectId(one, name).toLowerCase())))
    .find((id) => id !== undefined);
  if (object === undefined) return null;
  return { on: { ...common, kind: isRoutine ? kind : 'table', name, column: part }, need: { object, part } };
}

/** `'app'@'%'` as `app@%`, a role by its name alone. */
function accountOf(grantee: string): string {
  const [user = '', host = ''] = grantee.replaceAll(/^'|'$/g, '').split("'@'");
  return host === '' ? user : `${user}@${host}`;
}
