import { AludelError, messageOf } from '../../../support/aludel-error.ts';
import { byCodePoint } from '../../../support/text.ts';
import { groupBy } from '../../../support/group-by.ts';
import { objectId, type Need, type SchemaObject, type Snapshot, type Written } from '../../../schema/snapshot.ts';
import type { Connection, Row } from '../../connection.ts';
import type { SchemaExtent } from '../../schema/schema-rules.ts';
import { unquoted, wordsOf } from '../../sql/statement-words.ts';
import { readGrants } from './grants.ts';
import { mysqlRules } from '../lexical-rules.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';
import { sequenceOf, tableObjects } from './table-snapshot.ts';

/** The server's own text is read with these. */
const rules = mysqlRules();

/**
 * The database of the connection. Names come from information_schema, everything else from SHOW CREATE, the server's own
 * text, all of it in one message: the round trips are always the same few, and no kind of column, key or storage can be
 * missing. Definers are those who run a dump, as owners are elsewhere.
 */
export async function introspect(
  connection: Connection,
  { grants }: SchemaExtent = { grants: false },
): Promise<Snapshot> {
  const { rows: named } = await connection.query(listing);
  const [settings = {}] = (
    await connection.query('SELECT DATABASE() AS name, @@SESSION.sql_mode AS mode, @@GLOBAL.sql_mode AS usual')
  ).rows;
  const database = String(settings['name']);
  // Names in backticks and backslashes that escape, whatever the session's own mode is.
  await connection.script(`SET SESSION sql_mode = '', SESSION sql_quote_show_create = 1`);
  const read = named.filter((row) => showWords[String(row['kind'])] !== undefined);
  const texts = await showAll(connection, read).catch((error: unknown) => {
    if (!isDenied(error)) throw error;
    const right = `GRANT SELECT, SHOW VIEW ON ${quoteIdentifier(database)}.* TO …`;
    throw notReadable(database, messageOf(error), right, error);
  });
  await connection.script(`SET SESSION sql_mode = ${literal(String(settings['mode']))}`);
  const found: SchemaObject[] = [];
  const triggers: { readonly row: Row; readonly object: Written }[] = [];
  for (const [i, row] of read.entries()) {
    const shown = texts[i] ?? {};
    const kind = String(row['kind']);
    const name = String(row['name']);
    if (isHidden(shown)) {
      throw notReadable(
        database,
        `the server does not show the text of the ${kind.toLowerCase()} ${name}`,
        'GRANT SELECT ON mysql.proc TO …, on MySQL GRANT SHOW_ROUTINE ON *.* TO …',
      );
    }
    if (kind === 'BASE TABLE' || kind === 'SYSTEM VERSIONED')
      found.push(...tableObjects(name, textIn(shown), database));
    else if (kind === 'SEQUENCE') found.push(sequenceOf(name, textIn(shown)));
    else {
      const object = writtenObject(kind, name, row, shown, modeOf(settings['usual']));
      found.push(object);
      if (kind === 'TRIGGER') triggers.push({ row, object });
    }
  }
  const before = orderOfTriggers(triggers);
  const names = namesOf(found);
  const rights = grants ? await readGrants(connection, found) : { grants: [], unread: [] };
  return {
    dialect: 'mysql',
    objects: [...found, ...rights.grants]
      .map((object) => withNeeds(after(object, before.get(object.id)), names, before.get(object.id)))
      .toSorted((a, b) => byCodePoint(a.id, b.id)),
    unread: [
      ...named
        .filter((row) => !read.includes(row))
        .map((row) => `${String(row['kind']).toLowerCase()} ${String(row['name'])}`),
      ...rights.unread,
    ].toSorted(byCodePoint),
  };
}

/** `place` is the table of a trigger, `moment` and `turn` when it fires. */
const listing =
  `SELECT table_type AS kind, table_name AS name, NULL AS place, NULL AS moment, 0 AS turn FROM information_schema.tables WHERE table_schema = DATABASE() ` +
  `UNION ALL SELECT routine_type, routine_name, NULL, NULL, 0 FROM information_schema.routines WHERE routine_schema = DATABASE() ` +
  `UNION ALL SELECT 'TRIGGER', trigger_name, event_object_table, CONCAT(action_timing, ' ', event_manipulation), action_order ` +
  `FROM information_schema.triggers WHERE trigger_schema = DATABASE() ` +
  `UNION ALL SELECT 'EVENT', event_name, NULL, NULL, 0 FROM information_schema.events WHERE event_schema = DATABASE()`;

/** What SHOW CREATE calls them. */
const showWords: Readonly<Record<string, string>> = {
  'BASE TABLE': 'TABLE',
  'SYSTEM VERSIONED': 'TABLE',
  SEQUENCE: 'SEQUENCE',
  VIEW: 'VIEW',
  PROCEDURE: 'PROCEDURE',
  FUNCTION: 'FUNCTION',
  TRIGGER: 'TRIGGER',
  EVENT: 'EVENT',
};

/** One row for each, in order. The driver answers several statements with a list of answers. */
async function showAll(connection: Connection, named: readonly Row[]): Promise<readonly Row[]> {
  const statements = named.map(
    (row) => `SHOW CREATE ${showWords[String(row['kind'])]} ${quoteIdentifier(String(row['name']))}`,
  );
  const { rows } = await connection.query(['DO 0', ...statements, 'DO 0'].join('; '));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- with DO on both sides there are always several answers
  return (rows as unknown as readonly (readonly Row[])[]).slice(1, -1).map(([row = {}]) => row);
}

/** ER_TABLEACCESS_DENIED_ERROR: SHOW CREATE VIEW of a view on which the user has not both rights. */
function isDenied(error: unknown): boolean {
  return (error as { readonly errno?: unknown } | null)?.errno === 1142;
}

/** The text of a routine is NULL for who may call it and no more. */
function isHidden(shown: Row): boolean {
  return Object.entries(shown).some(([name, value]) => name.startsWith('Create ') && value === null);
}

function notReadable(database: string, what: string, right: string, cause?: unknown): AludelError {
  return new AludelError('database.failed', `The schema of ${database} cannot be read: ${what}.`, {
    where: database,
    hint: `Connect as a user who may read it, or let this one: ${right}`,
    cause,
  });
}

function textIn(shown: Row): string {
  const key = Object.keys(shown).find((name) => name.startsWith('Create ') || name === 'SQL Original Statement');
  return String(shown[key ?? '']);
}

const writtenKinds: Readonly<Record<string, 'view' | 'procedure' | 'function' | 'trigger' | 'event'>> = {
  VIEW: 'view',
  PROCEDURE: 'procedure',
  FUNCTION: 'function',
  TRIGGER: 'trigger',
  EVENT: 'event',
};

/** A body means what it meant under the sql_mode it was created with. */
function writtenObject(words: string, name: string, row: Row, shown: Row, usual: string): Written {
  const kind = writtenKinds[words] ?? 'event';
  const owner = typeof row['place'] === 'string' ? objectId('table', row['place']) : null;
  const sql = textIn(shown).replace(definer, '$1');
  const own = modeOf(shown['sql_mode']);
  const framed =
    shown['sql_mode'] !== undefined && own !== usual
      ? [
          'SET @aludel_sql_mode = @@SESSION.sql_mode',
          `SET SESSION sql_mode = ${literal(own)}`,
          sql,
          'SET SESSION sql_mode = @aludel_sql_mode',
        ]
      : [sql];
  return {
    kind,
    id: objectId(kind, name),
    schema: null,
    name,
    owner,
    needs: [],
    definition: framed,
    removal: [`DROP ${words} ${quoteIdentifier(name)}`],
    meaning: kind === 'trigger' ? framed.map(triggerMeaning).join('; ') : null,
    shape: [],
  };
}

/** The server keeps a trigger as it was written: quotes, blanks and capitals before its body do not count. */
function triggerMeaning(sql: string): string {
  const form =
    /^CREATE\s+TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?(`[^`]+`|\S+)\s+(BEFORE|AFTER)\s+(\w+)\s+ON\s+(`[^`]+`|\S+)\s+FOR\s+EACH\s+ROW\s+/i.exec(
      sql,
    );
  if (form === null) return sql;
  const [head, name = '', timing = '', event = '', table = ''] = form;
  const moment = `${timing} ${event}`.toUpperCase();
  const [plainName, plainTable] = [name, table].map((text) => (text.startsWith('`') ? unquoted(text) : text));
  return `CREATE TRIGGER ${plainName} ${moment} ON ${plainTable} FOR EACH ROW ${sql.slice(head.length)}`;
}

/** The driver adds IGNORE_SPACE to the mode of its sessions, which no stored text needs any more. */
function modeOf(value: unknown): string {
  const modes = String(value).split(',');
  return modes.filter((mode) => mode !== 'IGNORE_SPACE').join(',');
}

const definer =
  /^(CREATE (?:ALGORITHM=\w+ )?)DEFINER=(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|\w+)(?:@(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"))? /;

/** Triggers of one table and moment fire in the order of their creation: each needs the one before it. */
function orderOfTriggers(
  triggers: readonly { readonly row: Row; readonly object: Written }[],
): ReadonlyMap<string, string> {
  const before = new Map<string, string>();
  for (const group of groupBy(triggers, ({ row }) => `${String(row['place'])} ${String(row['moment'])}`).values()) {
    const ordered = group.toSorted((a, b) => Number(a.row['turn']) - Number(b.row['turn']));
    for (const [i, { object }] of ordered.entries()) {
      const last = ordered[i - 1];
      if (last !== undefined) before.set(object.id, last.object.id);
    }
  }
  return before;
}

/** The place of a trigger is a part of what it is. */
function after(object: SchemaObject, before: string | undefined): SchemaObject {
  return object.kind === 'trigger' && before !== undefined ? { ...object, shape: [`after ${before}`] } : object;
}

/** Ids of what a view or a default may name. */
function namesOf(objects: readonly SchemaObject[]): ReadonlyMap<string, string> {
  const kinds = new Set(['function', 'sequence', 'view', 'table']);
  return new Map(objects.flatMap(({ kind, name, id }) => (kinds.has(kind) ? [[name, id]] : [])));
}

function withNeeds(object: SchemaObject, names: ReadonlyMap<string, string>, before: string | undefined): SchemaObject {
  const text =
    object.kind === 'view'
      ? object.definition.join(' ')
      : object.kind === 'table'
        ? object.columns.map(({ definition }) => definition).join(' ')
        : '';
  const isNeeded = (id: string): boolean => id !== object.id && (object.kind === 'view' || id.startsWith('sequence '));
  const named = wordsOf(text, rules, Number.MAX_SAFE_INTEGER).flatMap(
    ({ identifier }) => names.get(identifier ?? '') ?? [],
  );
  const ids = new Set([...named.filter(isNeeded), ...(object.owner === null ? [] : [object.owner])]);
  if (before !== undefined) ids.add(before);
  const more = [...ids].map((id): Need => ({ object: id, part: null }));
  const keyOf = ({ object: id, part }: Need): string => `${id} ${part ?? ''}`;
  return { ...object, needs: [...object.needs, ...more].toSorted((a, b) => byCodePoint(keyOf(a), keyOf(b))) };
}
