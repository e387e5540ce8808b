import type { Connection, DatabaseSettings } from '../../connection.ts';
import type { Scratch } from '../../schema/schema-rules.ts';
import { isOldScratch, noScratch, scratchName, scratchPrefix } from '../../schema/scratch-name.ts';
import { connectMysql } from '../driver.ts';
import { readGrants } from './grants.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';

/** A server that does not answer at all is as good as none. */
const options = { applicationName: 'aludel scratch', busyTimeoutMs: 0, readOnly: false, timeoutMs: 10_000 };

/**
 * A database on the server that the settings name for it, or else on the same one, with the character set and the collation of
 * the first. A session holds a lock of its name: that is how a sweep sees that it is used.
 */
export async function createScratch({ scratch, ...own }: DatabaseSettings): Promise<Scratch> {
  const settings = scratch === undefined ? own : onServer(scratch, own);
  const characters = scratch === undefined ? null : await charactersOf(own);
  const name = scratchName();
  let admin: Connection | null = null;
  try {
    admin = await connectMysql(settings, options);
    await admin.query(`SELECT GET_LOCK(${literal(name)}, 0)`);
    // A sweep goes into other databases.
    const wanted = characters ?? (await charactersIn(admin));
    await sweep(admin);
    await admin.query(`CREATE DATABASE ${quoteIdentifier(name)} ${wanted}`);
    return scratchOn(settings, admin, name);
  } catch (error) {
    await admin?.close();
    throw noScratch(
      settings,
      error,
      scratch === undefined
        ? `Let its user create databases of that name (GRANT ALL ON \`aludel\\_scratch\\_%\`.* TO …), or name another server with the key "scratch", --scratch or ALUDEL_SCRATCH_URL.`
        : 'The key "scratch" has to name a server on which its user may create databases: GRANT ALL ON `aludel\\_scratch\\_%`.* TO ….',
    );
  }
}

/** A session has to be somewhere; every server has this one. */
function onServer(scratch: DatabaseSettings, { secrets }: DatabaseSettings): DatabaseSettings {
  return {
    ...scratch,
    connection: { database: 'information_schema', ...scratch.connection },
    secrets: [...scratch.secrets, ...secrets],
  };
}

function scratchOn(settings: DatabaseSettings, admin: Connection, name: string): Scratch {
  return {
    settings: { ...settings, connection: { ...settings.connection, database: name } },
    async remove() {
      try {
        await drop(admin, name);
      } finally {
        await admin.close();
      }
    },
  };
}

async function charactersIn(connection: Connection): Promise<string> {
  const { rows } = await connection.query(
    `SELECT DATABASE() = 'information_schema' AS is_anywhere, @@character_set_database AS charset,
            @@collation_database AS collation, @@character_set_server AS usual, @@collation_server AS usual_collation`,
  );
  const { is_anywhere, charset, collation, usual, usual_collation } = rows[0] ?? {};
  const isAnywhere = Number(is_anywhere) === 1;
  return `CHARACTER SET ${String(isAnywhere ? usual : charset)} COLLATE ${String(isAnywhere ? usual_collation : collation)}`;
}

/** Rights on a database outlive it, and are no reason to leave it: they are withdrawn as far as that is possible. */
async function drop(admin: Connection, name: string): Promise<void> {
  await withdrawRights(admin, name).catch(() => undefined);
  await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
}

/** Where USE fails this must end: the rights would be those on the database before. Whoever may not see them could not give them either. */
async function withdrawRights(admin: Connection, name: string): Promise<void> {
  await admin.query(`USE ${quoteIdentifier(name)}`);
  const { grants } = await readGrants(admin, null);
  for (const sql of grants.flatMap(({ removal }) => removal)) await admin.query(sql).catch(() => undefined);
}

/** Null where the database cannot be asked: then the other server's own have to do. */
async function charactersOf(settings: DatabaseSettings): Promise<string | null> {
  try {
    const connection = await connectMysql(settings, options);
    try {
      return await charactersIn(connection);
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}

async function sweep(admin: Connection): Promise<void> {
  const { rows } = await admin.query(
    `SELECT schema_name AS name FROM information_schema.schemata
     WHERE LEFT(schema_name, ${scratchPrefix.length}) = ${literal(scratchPrefix)} AND IS_FREE_LOCK(schema_name) = 1`,
  );
  for (const name of rows.map((row) => String(row['name'])).filter(isOldScratch)) {
    // Another sweep may be at it, or it is another user's: both are right.
    await drop(admin, name).catch(() => undefined);
  }
}
