import type { ReplaceEnumValues } from '../../../operations/enums.ts';
import type { OperationOf } from '../../../operations/operation.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import { textOf, type Ask } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export function addEnumValue(operation: OperationOf<'addEnumValue'>): Statement {
  const { value, before, after, ifNotExists = false } = operation;
  if (before !== undefined && after !== undefined) {
    throw cannot(`The enum value "${value}" cannot stand beside two others.`, 'Say "before" or "after".');
  }
  return statement(
    'ALTER TYPE',
    quoteTable(operation),
    'ADD VALUE',
    ifNotExists && 'IF NOT EXISTS',
    literal(value),
    before !== undefined && `BEFORE ${literal(before)}`,
    after !== undefined && `AFTER ${literal(after)}`,
  );
}

interface UsingColumn {
  readonly table: string;
  readonly column: string;
  readonly isArray: boolean;
  /** As SQL; null without one. */
  readonly default: string | null;
}

/**
 * PostgreSQL cannot take a value out of an enum, so every column of the type is moved to a new type of the same name:
 *
 * 1. the old type steps aside under another name, and the new one is created with its comment and its privileges;
 * 2. every column changes over: its default is dropped, its values pass through text, its default is set again;
 * 3. the old type is dropped, which fails if something still needs it, such as a function;
 * 4. the new one goes to the owner of the old one.
 */
export async function replaceEnumValues(operation: ReplaceEnumValues, ask: Ask): Promise<readonly Statement[]> {
  const { name, schema, values, mapping } = operation;
  refuseBadMapping(operation);
  const type = quoteTable({ schema, name });
  const aside = `${cutTo(name, 50)}__replaced`;
  const old = quoteTable({ schema, name: aside });
  const { comment, owner, grants } = await belongingsOf(type, ask);
  return [
    statement('ALTER TYPE', type, 'RENAME TO', quoteIdentifier(aside)),
    statement('CREATE TYPE', type, 'AS ENUM', `(${values.map(literal).join(', ')})`),
    ...(comment === null ? [] : [statement('COMMENT ON TYPE', type, 'IS', literal(comment))]),
    ...(grants === null ? [] : [statement('REVOKE ALL ON TYPE', type, 'FROM PUBLIC')]),
    ...(grants ?? []).map(({ grantee, grantable }) =>
      statement(
        'GRANT USAGE ON TYPE',
        type,
        'TO',
        grantee === null ? 'PUBLIC' : quoteIdentifier(grantee),
        grantable && 'WITH GRANT OPTION',
      ),
    ),
    ...(await columnsOf(type, ask)).map((column) => changeOver(column, type, mapping)),
    statement('DROP TYPE', old),
    ...(owner === null ? [] : [statement('ALTER TYPE', type, 'OWNER TO', quoteIdentifier(owner))]),
  ];
}

function changeOver(using: UsingColumn, type: string, mapping: Readonly<Record<string, string>>): Statement {
  const column = quoteIdentifier(using.column);
  const text = `${column}::text${using.isArray ? '[]' : ''}`;
  const cast = `::${type}${using.isArray ? '[]' : ''}`;
  const pairs = Object.entries(mapping);
  const mapped = using.isArray
    ? pairs.reduce((array, [from, to]) => `array_replace(${array}, ${literal(from)}, ${literal(to)})`, text)
    : pairs.length === 0
      ? text
      : `CASE ${text} ${pairs.map(([from, to]) => `WHEN ${literal(from)} THEN ${literal(to)}`).join(' ')} ELSE ${text} END`;
  const changes = [
    ...(using.default === null ? [] : [`ALTER COLUMN ${column} DROP DEFAULT`]),
    `ALTER COLUMN ${column} TYPE ${type}${using.isArray ? '[]' : ''} USING (${mapped})${cast}`,
    ...(using.default === null ? [] : [`ALTER COLUMN ${column} SET DEFAULT ${mappedDefault(using.default, mapping)}`]),
  ];
  return statement('ALTER TABLE', using.table, changes.join(', '));
}

/** A default that is one value of the type follows the mapping; any other expression stays as it is. */
function mappedDefault(expression: string, mapping: Readonly<Record<string, string>>): string {
  const [, written, rest] = /^'((?:[^']|'')*)'(::[^']*)$/.exec(expression) ?? [];
  const to = written === undefined ? undefined : mapping[written.replaceAll("''", "'")];
  return to === undefined ? expression : `${literal(to)}${rest}`;
}

function refuseBadMapping({ name, values, mapping }: ReplaceEnumValues): void {
  for (const [from, to] of Object.entries(mapping)) {
    if (!values.includes(to)) {
      throw cannot(
        `"${from}" of the enum "${name}" is mapped to "${to}", which is not one of its new values.`,
        'Add it.',
      );
    }
    if (to in mapping && to !== from) {
      throw cannot(
        `The mapping of the enum "${name}" leads from "${from}" to "${to}" and on.`,
        'Map to the last value.',
      );
    }
  }
}

/** Columns of tables, with arrays of the type; the default as text that still names the type by its present name. */
async function columnsOf(type: string, ask: Ask): Promise<readonly UsingColumn[]> {
  const rows = await ask(
    `SELECT space.nspname AS schema, relation.relname AS name, attribute.attname AS column,
            attribute.atttypid <> enum.oid AS is_array, pg_catalog.pg_get_expr(value.adbin, value.adrelid) AS default
     FROM pg_catalog.pg_type enum
     JOIN pg_catalog.pg_attribute attribute ON attribute.atttypid IN (enum.oid, enum.typarray)
     JOIN pg_catalog.pg_class relation ON relation.oid = attribute.attrelid AND relation.relkind IN ('r', 'p')
     JOIN pg_catalog.pg_namespace space ON space.oid = relation.relnamespace
     LEFT JOIN pg_catalog.pg_attrdef value ON value.adrelid = relation.oid AND value.adnum = attribute.attnum
     WHERE enum.oid = pg_catalog.to_regtype(${literal(type)}) AND NOT attribute.attisdropped
       AND NOT relation.relispartition AND attribute.attinhcount = 0
     ORDER BY space.nspname, relation.relname, attribute.attnum`,
  );
  return rows.map((row) => ({
    table: quoteTable({ schema: String(row['schema']), name: String(row['name']) }),
    column: String(row['column']),
    isArray: row['is_array'] === true,
    default: textOf(row['default']),
  }));
}

const inScripts = {
  instead:
    'Write its steps with op.execute: ALTER TYPE … RENAME TO …, CREATE TYPE … AS ENUM (…), ALTER TABLE … ALTER COLUMN … TYPE … USING …::text::… for each column, DROP TYPE ….',
};

/** What a type has beside its values and does not pass on to another one of its name. */
interface Belongings {
  readonly comment: string | null;
  /** Null when it is the present user, who will own the new type anyway. */
  readonly owner: string | null;
  /** Those of others than the owner; a null grantee is PUBLIC. Null when nothing was ever granted or revoked. */
  readonly grants: readonly { readonly grantee: string | null; readonly grantable: boolean }[] | null;
}

async function belongingsOf(type: string, ask: Ask): Promise<Belongings> {
  const rows = await ask(
    `SELECT pg_catalog.obj_description(enum.oid, 'pg_type') AS comment, enum.typacl IS NULL AS usual,
            nullif(owner.rolname, current_user)::text AS owner, "right".grantee IS NOT NULL AS granted,
            role.rolname::text AS grantee, "right".is_grantable AS grantable
     FROM pg_catalog.pg_type enum
     JOIN pg_catalog.pg_roles owner ON owner.oid = enum.typowner
     LEFT JOIN LATERAL pg_catalog.aclexplode(enum.typacl) "right" ON "right".grantee <> enum.typowner
     LEFT JOIN pg_catalog.pg_roles role ON role.oid = "right".grantee
     WHERE enum.oid = pg_catalog.to_regtype(${literal(type)}) ORDER BY role.rolname`,
    [],
    inScripts,
  );
  const [first] = rows;
  return {
    comment: textOf(first?.['comment']),
    owner: textOf(first?.['owner']),
    grants:
      first?.['usual'] === false
        ? rows
            .filter((row) => row['granted'] === true)
            .map((row) => ({ grantee: textOf(row['grantee']), grantable: row['grantable'] === true }))
        : null,
  };
}

/** At most `bytes` bytes of a name, whole characters. */
function cutTo(name: string, bytes: number): string {
  let cut = name;
  while (Buffer.byteLength(cut) > bytes) cut = Array.from(cut).slice(0, -1).join('');
  return cut;
}
