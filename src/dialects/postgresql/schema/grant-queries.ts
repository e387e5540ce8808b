import { notOfExtension, ownSchema } from './catalogue-conditions.ts';

/*
 * Who may do what, beside what owners may. An access list that was never changed is null, and means what acldefault says.
 *
 * Each right belongs to who granted it. Whoever may act for the owner grants and revokes as the owner, others as themselves:
 * `grantor` is null for these, and names those whose rights no REVOKE of the same session reaches.
 */

const rights = (list: string): string =>
  `(SELECT json_agg(json_build_object('grantee', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END,
     'name', privilege_type, 'grantable', is_grantable, 'grantor', CASE WHEN grantor = owner OR
       pg_get_userbyid(grantor) = current_user AND NOT pg_has_role(owner, 'USAGE') THEN NULL ELSE pg_get_userbyid(grantor) END)) FROM aclexplode(CASE WHEN cardinality(${list}) > 0 THEN ${list} END) WHERE grantee <> owner)`;

/** `holder` is the table of a sequence that has no object of its own: that of an identity. `version` decides what PUBLIC may in "public". */
export const grants = `
  SELECT catalogue, oid, number, schema, name, holder, ${rights('held')} AS held, ${rights('usual')} AS usual,
         current_setting('server_version_num')::int AS version
  FROM (
    SELECT 'pg_class' AS catalogue, relation.oid, 0 AS number, relation.relowner AS owner, space.nspname AS schema,
           relation.relname AS name, relation.relacl AS held,
           acldefault(CASE relation.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, relation.relowner) AS usual,
           (SELECT refobjid FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid AND objsubid = 0
              AND refclassid = 'pg_class'::regclass AND deptype = 'i' AND relation.relkind = 'S') AS holder
    FROM pg_class relation JOIN pg_namespace space ON space.oid = relation.relnamespace
    WHERE ${ownSchema} AND relation.relacl IS NOT NULL AND ${notOfExtension('pg_class', 'relation.oid')}
    UNION ALL
    SELECT 'pg_class', relation.oid, entry.attnum, relation.relowner, space.nspname, relation.relname, entry.attacl, NULL, NULL
    FROM pg_attribute entry JOIN pg_class relation ON relation.oid = entry.attrelid
    JOIN pg_namespace space ON space.oid = relation.relnamespace
    WHERE ${ownSchema} AND entry.attacl IS NOT NULL AND NOT entry.attisdropped AND ${notOfExtension('pg_class', 'relation.oid')}
    UNION ALL
    SELECT 'pg_proc', routine.oid, 0, routine.proowner, space.nspname, routine.proname, routine.proacl,
           acldefault('f', routine.proowner), NULL
    FROM pg_proc routine JOIN pg_namespace space ON space.oid = routine.pronamespace
    WHERE ${ownSchema} AND routine.proacl IS NOT NULL AND ${notOfExtension('pg_proc', 'routine.oid')}
    UNION ALL
    SELECT 'pg_type', type.oid, 0, type.typowner, space.nspname, type.typname, type.typacl, acldefault('T', type.typowner), NULL
    FROM pg_type type JOIN pg_namespace space ON space.oid = type.typnamespace
    WHERE ${ownSchema} AND type.typacl IS NOT NULL AND ${notOfExtension('pg_type', 'type.oid')}
    UNION ALL
    SELECT 'pg_namespace', space.oid, 0, space.nspowner, NULL, space.nspname,
           COALESCE(space.nspacl, acldefault('n', space.nspowner)), acldefault('n', space.nspowner), NULL
    FROM pg_namespace space
    WHERE ${ownSchema} AND (space.nspname = 'public' OR space.nspacl IS NOT NULL) AND ${notOfExtension('pg_namespace', 'space.oid')}
  ) found`;

/** What new objects get. In all schemas it stands for what they get by themselves, in one it comes on top of that. */
export const defaultGrants = `
  SELECT NULLIF(pg_get_userbyid(owner), current_user) AS role, schema, kind, ${rights('held')} AS held, ${rights('usual')} AS usual
  FROM (
    SELECT entry.defaclrole AS owner, space.nspname AS schema, entry.defaclobjtype AS kind, entry.defaclacl AS held,
           CASE WHEN entry.defaclnamespace = 0 THEN
             acldefault(CASE entry.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE entry.defaclobjtype END, entry.defaclrole)
           END AS usual
    FROM pg_default_acl entry LEFT JOIN pg_namespace space ON space.oid = entry.defaclnamespace
  ) found`;
