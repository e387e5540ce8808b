import type { Questions } from './kit-case.ts';

/**
 * Questions to the servers' own catalogues: sqlite_schema and the pragmas, pg_catalog, information_schema. Each has rows
 * where the thing is there. `and` narrows it by columns of the catalogue.
 */
type Narrowed = Partial<Questions>;

const anything = 'true';

export function table(name: string): Questions {
  return {
    sqlite: `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '${name}'`,
    postgresql: `SELECT 1 FROM pg_class WHERE relkind = 'r' AND relname = '${name}' AND relnamespace = 'public'::regnamespace`,
    mysql: `SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE' AND table_name = '${name}'`,
  };
}

/** A column of `people`, or of another table. */
export function column(name: string, and: Narrowed = {}, of = 'people'): Questions {
  return {
    sqlite: `SELECT 1 FROM pragma_table_xinfo('${of}') WHERE name = '${name}' AND ${and.sqlite ?? anything}`,
    postgresql: `SELECT 1 FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = to_regclass('${of}') AND NOT attisdropped AND attname = '${name}' AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.columns WHERE table_schema = database() AND table_name = '${of}' AND column_name = '${name}' AND ${and.mysql ?? anything}`,
  };
}

/** An index on `people`. */
export function index(name: string, and: Narrowed = {}): Questions {
  return {
    sqlite: `SELECT 1 FROM pragma_index_list('people') AS i, pragma_index_xinfo(i.name) AS x, sqlite_schema AS s WHERE i.name = '${name}' AND s.name = i.name AND x.key AND ${and.sqlite ?? anything}`,
    postgresql: `SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam WHERE relname = '${name}' AND indisvalid AND indrelid = to_regclass('people') AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.statistics WHERE table_schema = database() AND table_name = 'people' AND index_name = '${name}' AND ${and.mysql ?? anything}`,
  };
}

/** A named constraint of `people`. SQLite knows the name only in the text of the table. */
export function constraint(name: string, and: Narrowed = {}): Questions {
  return {
    sqlite: `SELECT 1 FROM sqlite_schema WHERE name = 'people' AND sql LIKE '%CONSTRAINT "${name}"%' AND ${and.sqlite ?? anything}`,
    postgresql: `SELECT 1 FROM pg_constraint WHERE conname = '${name}' AND conrelid = to_regclass('people') AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.table_constraints WHERE table_schema = database() AND table_name = 'people' AND constraint_name = '${name}' AND ${and.mysql ?? anything}`,
  };
}

/** The foreign key of `people` to `teams`. */
export function foreignKey(and: Narrowed = {}): Questions {
  return {
    sqlite: `SELECT 1 FROM pragma_foreign_key_list('people') WHERE "table" = 'teams' AND ${and.sqlite ?? anything}`,
    postgresql: `SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = to_regclass('people') AND confrelid = to_regclass('teams') AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.referential_constraints WHERE constraint_schema = database() AND table_name = 'people' AND referenced_table_name = 'teams' AND ${and.mysql ?? anything}`,
  };
}

export function view(name: string, and: Narrowed = {}): Questions {
  return {
    sqlite: `SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = '${name}' AND ${and.sqlite ?? anything}`,
    postgresql: `SELECT 1 FROM pg_class WHERE relkind = 'v' AND relname = '${name}' AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.views WHERE table_schema = database() AND table_name = '${name}' AND ${and.mysql ?? anything}`,
  };
}

export function materializedView(name: string, and = anything): string {
  return `SELECT 1 FROM pg_class WHERE relkind = 'm' AND relname = '${name}' AND ${and}`;
}

/** The values of an enum in their order, as `a,b,c`. */
export function enumOf(name: string, values: string): string {
  return `SELECT 1 FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid WHERE typname = '${name}' GROUP BY typname HAVING string_agg(enumlabel, ',' ORDER BY enumsortorder) = '${values}'`;
}

/** On MariaDB a sequence is a table of one row. SQLite has none. */
export function sequence(name: string, and: { postgresql?: string; mysql?: string } = {}): Questions {
  return {
    sqlite: '',
    postgresql: `SELECT 1 FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid WHERE relname = '${name}' AND ${and.postgresql ?? anything}`,
    mysql:
      and.mysql === undefined
        ? `SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_type = 'SEQUENCE' AND table_name = '${name}'`
        : `SELECT 1 FROM \`${name}\` WHERE ${and.mysql}`,
  };
}

export function schema(name: string): Questions {
  return {
    sqlite: '',
    postgresql: `SELECT 1 FROM pg_namespace WHERE nspname = '${name}'`,
    mysql: `SELECT 1 FROM information_schema.schemata WHERE schema_name = '${name}'`,
  };
}

export function extension(name: string, and = anything): string {
  return `SELECT 1 FROM pg_extension WHERE extname = '${name}' AND ${and}`;
}

export function routine(name: string, and: Narrowed = {}): Questions {
  return {
    sqlite: '',
    postgresql: `SELECT 1 FROM pg_proc WHERE proname = '${name}' AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.routines AS r WHERE routine_schema = database() AND routine_name = '${name}' AND ${and.mysql ?? anything}`,
  };
}

export function trigger(name: string, and: Narrowed = {}): Questions {
  return {
    sqlite: `SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = '${name}' AND ${and.sqlite ?? anything}`,
    postgresql: `SELECT 1 FROM pg_trigger WHERE tgname = '${name}' AND tgrelid = to_regclass('people') AND ${and.postgresql ?? anything}`,
    mysql: `SELECT 1 FROM information_schema.triggers WHERE trigger_schema = database() AND trigger_name = '${name}' AND ${and.mysql ?? anything}`,
  };
}

export function policy(and = anything): string {
  return `SELECT 1 FROM pg_policy WHERE polname = 'own' AND polrelid = to_regclass('people') AND ${and}`;
}

/** Rows of `people`. */
export function rows(where: string): Questions {
  const sql = `SELECT 1 FROM people WHERE ${where}`;
  return { sqlite: sql, postgresql: sql, mysql: sql };
}

/** The comment of an object of PostgreSQL: `objectClass` is its catalogue. */
export function described(objectClass: string, name: string): string {
  return `SELECT 1 FROM pg_description WHERE classoid = '${objectClass}'::regclass AND description = 'why' AND objoid = (${name})`;
}
