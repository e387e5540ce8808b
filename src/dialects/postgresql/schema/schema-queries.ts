import { notOfExtension, ownSchema } from './catalogue-conditions.ts';

/*
 * The catalogue of a database in a fixed number of queries, however many objects it has. They run with an empty
 * search_path, so that every name outside pg_catalog comes with its schema. PostgreSQL 13 and later.
 */

const collationUnlessDefault = (own: string, usual: string): string =>
  `CASE WHEN ${own} <> ${usual} AND ${own} <> 0 THEN
     (SELECT format('%I.%I', place.nspname, chosen.collname) FROM pg_collation chosen
      JOIN pg_namespace place ON place.oid = chosen.collnamespace WHERE chosen.oid = ${own}) END`;

/** Every database has the schema public to begin with. */
export const schemas = `
  SELECT space.oid, space.nspname AS name FROM pg_namespace space
  WHERE ${ownSchema} AND space.nspname <> 'public' AND ${notOfExtension('pg_namespace', 'space.oid')}`;

/** Every database has plpgsql to begin with. */
export const extensions = `
  SELECT extension.oid, extname AS name, space.nspname AS schema
  FROM pg_extension extension JOIN pg_namespace space ON space.oid = extnamespace WHERE extname <> 'plpgsql'`;

export const types = `
  SELECT type.oid, type.typarray AS array_oid, space.nspname AS schema, type.typname AS name, type.typtype AS kind,
         ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = type.oid ORDER BY enumsortorder) AS labels,
         format_type(type.typbasetype, type.typtypmod) AS base, type.typnotnull AS required,
         pg_get_expr(type.typdefaultbin, 0) AS "default",
         ${collationUnlessDefault('type.typcollation', 'base.typcollation')} AS collation,
         (SELECT json_agg(json_build_object('oid', oid, 'name', conname, 'definition', pg_get_constraintdef(oid)) ORDER BY conname)
          FROM pg_constraint WHERE contypid = type.oid AND contype = 'c') AS checks,
         concat_ws(', ', 'SUBTYPE = ' || format_type(range.rngsubtype, NULL),
           'SUBTYPE_OPCLASS = ' || (SELECT format('%I.%I', place.nspname, opcname) FROM pg_opclass
             JOIN pg_namespace place ON place.oid = opcnamespace WHERE pg_opclass.oid = range.rngsubopc AND NOT opcdefault),
           'COLLATION = ' || ${collationUnlessDefault('range.rngcollation', 'subtype.typcollation')},
           'CANONICAL = ' || NULLIF(range.rngcanonical, 0)::regproc, 'SUBTYPE_DIFF = ' || NULLIF(range.rngsubdiff, 0)::regproc,
           'MULTIRANGE_TYPE_NAME = ' || format_type((to_json(range) ->> 'rngmultitypid')::oid, NULL)) AS range
  FROM pg_type type JOIN pg_namespace space ON space.oid = type.typnamespace
  LEFT JOIN pg_type base ON base.oid = type.typbasetype
  LEFT JOIN pg_range range ON range.rngtypid = type.oid LEFT JOIN pg_type subtype ON subtype.oid = range.rngsubtype
  WHERE ${ownSchema} AND type.typtype IN ('e', 'd', 'r') AND ${notOfExtension('pg_type', 'type.oid')}`;

/** As JSON, since the columns have other names in other versions. */
export const collations = `
  SELECT entry.oid, space.nspname AS schema, to_json(entry) AS entry
  FROM pg_collation entry JOIN pg_namespace space ON space.oid = entry.collnamespace
  WHERE ${ownSchema} AND ${notOfExtension('pg_collation', 'entry.oid')}`;

export const relations = `
  SELECT relation.oid, relation.reltype AS type_oid, row_type.typarray AS array_oid, space.nspname AS schema,
         relation.relname AS name, relation.relkind AS kind, relation.relpersistence AS persistence,
         relation.reloptions AS storage, toast.reloptions AS toast_storage,
         relation.relrowsecurity AS row_security, relation.relforcerowsecurity AS force_row_security,
         relation.relreplident AS replica_identity, method.amname AS method,
         CASE WHEN relation.reloftype <> 0 THEN format_type(relation.reloftype, NULL) END AS of_type,
         CASE WHEN relation.relkind = 'p' THEN pg_get_partkeydef(relation.oid) END AS partition_by,
         pg_get_expr(relation.relpartbound, relation.oid) AS bound,
         ARRAY(SELECT inhparent::text FROM pg_inherits WHERE inhrelid = relation.oid ORDER BY inhseqno) AS parents,
         CASE WHEN relation.relkind IN ('v', 'm') THEN pg_get_viewdef(relation.oid) END AS query
  FROM pg_class relation JOIN pg_namespace space ON space.oid = relation.relnamespace
  LEFT JOIN pg_type row_type ON row_type.oid = relation.reltype
  LEFT JOIN pg_class toast ON toast.oid = relation.reltoastrelid
  LEFT JOIN pg_am method ON method.oid = relation.relam AND method.amname <> 'heap'
  WHERE ${ownSchema} AND relation.relkind IN ('r', 'p', 'v', 'm', 'c') AND ${notOfExtension('pg_class', 'relation.oid')}`;

/** Servers keep marks of their own among the options; the manual has two, of which the names begin with n_distinct. */
export const columns = `
  SELECT entry.attrelid AS relation, entry.attnum AS number, entry.attname AS name,
         format_type(entry.atttypid, entry.atttypmod) AS type, entry.attnotnull AS required,
         entry.attidentity AS identity, entry.attgenerated AS generated, entry.attislocal AS own,
         pg_get_expr(given.adbin, given.adrelid) AS "default",
         ${collationUnlessDefault('entry.attcollation', 'type.typcollation')} AS collation,
         CASE WHEN entry.attstorage <> type.typstorage THEN entry.attstorage END AS storage,
         entry.attstattarget AS statistics,
         ARRAY(SELECT option FROM unnest(entry.attoptions) AS option WHERE option LIKE 'n\\_distinct%') AS options,
         to_json(entry) ->> 'attcompression' AS compression
  FROM pg_attribute entry JOIN pg_class relation ON relation.oid = entry.attrelid
  JOIN pg_namespace space ON space.oid = relation.relnamespace
  JOIN pg_type type ON type.oid = entry.atttypid
  LEFT JOIN pg_attrdef given ON given.adrelid = entry.attrelid AND given.adnum = entry.attnum
  WHERE ${ownSchema} AND relation.relkind IN ('r', 'p', 'v', 'm', 'c') AND entry.attnum > 0 AND NOT entry.attisdropped
  ORDER BY entry.attrelid, entry.attnum`;

/** `owner` is the column that a sequence goes with; `kind` of it is i for an identity, which the column makes itself. */
export const sequences = `
  SELECT relation.oid, space.nspname AS schema, relation.relname AS name, format_type(seqtypid, NULL) AS type,
         seqstart::text AS start, seqincrement::text AS increment, seqmax::text AS max, seqmin::text AS min,
         seqcache::text AS cache, seqcycle AS cycle, held.refobjid AS owner, held.refobjsubid AS owner_column,
         held.deptype AS owner_kind
  FROM pg_sequence JOIN pg_class relation ON relation.oid = seqrelid
  JOIN pg_namespace space ON space.oid = relation.relnamespace
  LEFT JOIN pg_depend held ON held.classid = 'pg_class'::regclass AND held.objid = relation.oid AND held.objsubid = 0
    AND held.refclassid = 'pg_class'::regclass AND held.deptype IN ('a', 'i')
  WHERE ${ownSchema} AND ${notOfExtension('pg_class', 'relation.oid')}`;

export const constraints = `
  SELECT entry.oid, entry.conrelid AS relation, entry.conindid AS index, entry.conname AS name, entry.contype AS kind,
         pg_get_constraintdef(entry.oid) AS definition, entry.conkey AS columns, entry.conparentid AS parent,
         entry.conislocal AS own, entry.confrelid AS target
  FROM pg_constraint entry JOIN pg_class relation ON relation.oid = entry.conrelid
  JOIN pg_namespace space ON space.oid = relation.relnamespace
  WHERE ${ownSchema} AND entry.contype IN ('p', 'u', 'c', 'x', 'f') ORDER BY entry.conname`;

/** Those of constraints too, for what names them. */
export const indexes = `
  SELECT relation.oid, entry.indrelid AS relation, space.nspname AS schema, relation.relname AS name,
         pg_get_indexdef(relation.oid) AS definition, entry.indisreplident AS is_identity,
         entry.indisclustered AS is_clustered, entry.indisvalid AS is_valid, relation.relkind = 'I' AS is_partitioned, above.inhparent AS parent, relation.reloptions AS storage,
         ARRAY(SELECT format('%s SET STATISTICS %s', attnum, attstattarget) FROM pg_attribute
               WHERE attrelid = relation.oid AND attstattarget >= 0 ORDER BY attnum) AS settings,
         relation.oid IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x')) AS of_constraint
  FROM pg_index entry JOIN pg_class relation ON relation.oid = entry.indexrelid
  JOIN pg_namespace space ON space.oid = relation.relnamespace
  LEFT JOIN pg_inherits above ON above.inhrelid = relation.oid
  WHERE ${ownSchema}`;

/** A range type makes functions of its own. */
export const routines = `
  SELECT routine.oid, space.nspname AS schema, routine.proname AS name, routine.prokind AS kind,
         pg_get_function_identity_arguments(routine.oid) AS arguments, pg_get_function_result(routine.oid) AS result,
         CASE WHEN routine.prokind <> 'a' THEN pg_get_functiondef(routine.oid) END AS definition,
         (SELECT to_json(made) FROM (
            SELECT aggtransfn::text AS sfunc, format_type(aggtranstype, NULL) AS stype, aggfinalfn::text AS finalfunc,
                   aggcombinefn::text AS combinefunc, aggserialfn::text AS serialfunc, aggdeserialfn::text AS deserialfunc,
                   aggmtransfn::text AS msfunc, aggminvtransfn::text AS minvfunc, aggmfinalfn::text AS mfinalfunc,
                   format_type(NULLIF(aggmtranstype, 0), NULL) AS mstype, aggfinalextra AS finalfunc_extra,
                   aggmfinalextra AS mfinalfunc_extra, agginitval AS initcond, aggminitval AS minitcond,
                   aggkind AS form, aggtransspace AS sspace, NULLIF(aggsortop, 0)::regoperator::text AS sortop,
                   routine.proparallel AS parallel
            FROM pg_aggregate WHERE aggfnoid = routine.oid) made) AS aggregate
  FROM pg_proc routine JOIN pg_namespace space ON space.oid = routine.pronamespace
  WHERE ${ownSchema} AND ${notOfExtension('pg_proc', 'routine.oid', `'e', 'i'`)}`;

export const triggers = `
  SELECT entry.oid, entry.tgrelid AS relation, entry.tgname AS name, pg_get_triggerdef(entry.oid) AS definition,
         entry.tgenabled AS enabled
  FROM pg_trigger entry JOIN pg_class relation ON relation.oid = entry.tgrelid
  JOIN pg_namespace space ON space.oid = relation.relnamespace
  WHERE ${ownSchema} AND NOT entry.tgisinternal AND entry.tgparentid = 0`;

/** Those of views are the views. */
export const rules = `
  SELECT entry.oid, entry.ev_class AS relation, entry.rulename AS name, pg_get_ruledef(entry.oid) AS definition,
         entry.ev_enabled AS enabled
  FROM pg_rewrite entry JOIN pg_class relation ON relation.oid = entry.ev_class
  JOIN pg_namespace space ON space.oid = relation.relnamespace WHERE ${ownSchema}`;

export const policies = `
  SELECT entry.oid, entry.polrelid AS relation, entry.polname AS name, entry.polcmd AS command,
         entry.polpermissive AS permissive, pg_get_expr(entry.polqual, entry.polrelid) AS using,
         pg_get_expr(entry.polwithcheck, entry.polrelid) AS with_check,
         ARRAY(SELECT CASE WHEN role = 0 THEN 'PUBLIC' ELSE quote_ident(rolname) END
               FROM unnest(entry.polroles) AS role LEFT JOIN pg_roles ON pg_roles.oid = role ORDER BY 1) AS roles
  FROM pg_policy entry JOIN pg_class relation ON relation.oid = entry.polrelid
  JOIN pg_namespace space ON space.oid = relation.relnamespace WHERE ${ownSchema}`;

export const statistics = `
  SELECT entry.oid, space.nspname AS schema, entry.stxname AS name, entry.stxrelid AS relation,
         pg_get_statisticsobjdef(entry.oid) AS definition, entry.stxstattarget AS target
  FROM pg_statistic_ext entry JOIN pg_namespace space ON space.oid = entry.stxnamespace WHERE ${ownSchema}`;

export const comments = `
  SELECT classoid AS catalogue, objoid AS oid, objsubid AS number, description AS text FROM pg_description
  WHERE objoid >= 16384`;

/** What an extension brought: whoever needs it needs the extension. */
export const members = `
  SELECT classid AS catalogue, objid AS oid, refobjid AS extension FROM pg_depend
  WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass`;

/** What needs what. */
export const dependencies = `
  SELECT DISTINCT classid AS catalogue, objid AS oid, refclassid AS needed_catalogue, refobjid AS needed, refobjsubid AS part
  FROM pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i')`;

/** Numbers of the catalogues that the other queries name objects by. */
export const catalogues = `
  SELECT oid, relname AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace
    AND relname IN ('pg_class', 'pg_type', 'pg_proc', 'pg_constraint', 'pg_trigger', 'pg_rewrite', 'pg_policy', 'pg_collation',
      'pg_namespace', 'pg_extension', 'pg_attrdef', 'pg_statistic_ext')`;

/** Which default is whose. */
export const defaults = `SELECT oid, adrelid AS relation FROM pg_attrdef WHERE adrelid >= 16384`;

/** Kinds of objects that a snapshot does not hold. The trigger of a partition goes with that of its parent, and is switched as that one is. */
export const unread = `
  SELECT format('%s %s', what, name) AS name FROM (
    SELECT 'operator' AS what, format('%I.%s', space.nspname, oprname) AS name, 'pg_operator'::regclass AS catalogue, entry.oid
      FROM pg_operator entry JOIN pg_namespace space ON space.oid = oprnamespace
    UNION ALL SELECT 'operator class', format('%I.%I', space.nspname, opcname), 'pg_opclass'::regclass, entry.oid
      FROM pg_opclass entry JOIN pg_namespace space ON space.oid = opcnamespace
    UNION ALL SELECT 'cast', format('%s AS %s', format_type(castsource, NULL), format_type(casttarget, NULL)), 'pg_cast'::regclass, oid FROM pg_cast
    UNION ALL SELECT 'text search configuration', format('%I.%I', space.nspname, cfgname), 'pg_ts_config'::regclass, entry.oid
      FROM pg_ts_config entry JOIN pg_namespace space ON space.oid = cfgnamespace
    UNION ALL SELECT 'text search dictionary', format('%I.%I', space.nspname, dictname), 'pg_ts_dict'::regclass, entry.oid
      FROM pg_ts_dict entry JOIN pg_namespace space ON space.oid = dictnamespace
    UNION ALL SELECT 'foreign table', format('%I.%I', space.nspname, relname), 'pg_class'::regclass, entry.oid
      FROM pg_class entry JOIN pg_namespace space ON space.oid = relnamespace WHERE relkind = 'f'
    UNION ALL SELECT 'base type', format('%I.%I', space.nspname, typname), 'pg_type'::regclass, entry.oid
      FROM pg_type entry JOIN pg_namespace space ON space.oid = typnamespace WHERE typtype = 'b' AND typelem = 0
    UNION ALL SELECT 'event trigger', quote_ident(evtname), 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
    UNION ALL SELECT 'trigger', format('%I on %I.%I, switched otherwise than on its parent', entry.tgname, space.nspname, relname),
      'pg_trigger'::regclass, entry.oid
      FROM pg_trigger entry JOIN pg_trigger above ON above.oid = entry.tgparentid
      JOIN pg_class relation ON relation.oid = entry.tgrelid JOIN pg_namespace space ON space.oid = relnamespace
      WHERE NOT entry.tgisinternal AND entry.tgenabled <> above.tgenabled
    UNION ALL SELECT 'publication', quote_ident(pubname), 'pg_publication'::regclass, oid FROM pg_publication
  ) found
  WHERE oid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend brought WHERE brought.classid = catalogue AND brought.objid = found.oid AND brought.deptype IN ('e', 'i'))`;
