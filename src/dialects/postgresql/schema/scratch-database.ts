import type { Connection, DatabaseSettings } from '../../connection.ts';
import type { Scratch } from '../../schema/schema-rules.ts';
import { isOldScratch, scratchName, scratchPrefix } from '../../schema/scratch-name.ts';
import { connectPostgresql } from '../driver.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';

/** A server that does not answer at all is as good as none. */
const options = { applicationName: 'aludel scratch', busyTimeoutMs: 0, readOnly: false, timeoutMs: 10_000 };

/**
 * A database on this server, with the encoding and the collation of the first. A session stays connected to it: that is how
 * a sweep sees that it is used. Throws what the driver throws.
 */
export async function createScratchDatabase(settings: DatabaseSettings): Promise<Scratch> {
  const admin = await connectPostgresql({ ...settings, searchPath: null }, options);
  const name = scratchName();
  const drop = async (): Promise<void> => {
    try {
      await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
    } finally {
      await admin.close();
    }
  };
  try {
    await sweep(admin);
    await admin.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ${await localeOf(admin)}`);
  } catch (error) {
    await admin.close();
    throw error;
  }
  try {
    const own = { ...settings, connection: connectionTo(settings.connection, name) };
    const keeper = await connectPostgresql({ ...own, searchPath: null }, options);
    await createSchemas(keeper, settings);
    return {
      settings: own,
      async remove() {
        await keeper.close();
        await drop();
      },
    };
  } catch (error) {
    await drop().catch(() => undefined);
    throw error;
  }
}

/** Those in which a session looks, so that what it creates has a place. */
export async function createSchemas(connection: Connection, { searchPath }: DatabaseSettings): Promise<void> {
  for (const schema of searchPath ?? [])
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
}

/** `16.2` of a server that can be reached, else null. */
export async function serverVersion(settings: DatabaseSettings): Promise<string | null> {
  try {
    const connection = await connectPostgresql(settings, options);
    try {
      const { rows } = await connection.query("SELECT pg_catalog.current_setting('server_version') AS version");
      return String(rows[0]?.['version']).replace(/ .*$/, '');
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}

function connectionTo(given: DatabaseSettings['connection'], database: string): DatabaseSettings['connection'] {
  const { connectionString, ...rest } = given;
  if (typeof connectionString !== 'string') return { ...given, database };
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return { ...rest, connectionString: url.href };
}

/** As JSON, since ICU came with version 15 and its columns have other names since. */
async function localeOf(admin: Connection): Promise<string> {
  const { rows } = await admin.query(
    `SELECT pg_catalog.pg_encoding_to_char(entry.encoding) AS encoding, entry.datcollate AS "from", entry.datctype AS "to",
            pg_catalog.to_json(entry) ->> 'datlocprovider' AS provider,
            COALESCE(pg_catalog.to_json(entry) ->> 'daticulocale', pg_catalog.to_json(entry) ->> 'datlocale') AS icu
     FROM pg_catalog.pg_database entry WHERE entry.datname = pg_catalog.current_database()`,
  );
  const { encoding, from, to, provider, icu } = rows[0] ?? {};
  const own = `ENCODING ${literal(String(encoding))} LC_COLLATE ${literal(String(from))} LC_CTYPE ${literal(String(to))}`;
  return provider === 'i' && typeof icu === 'string' ? `${own} LOCALE_PROVIDER icu ICU_LOCALE ${literal(icu)}` : own;
}

async function sweep(admin: Connection): Promise<void> {
  const { rows } = await admin.query(
    `SELECT entry.datname AS name FROM pg_catalog.pg_database entry
     WHERE pg_catalog.starts_with(entry.datname, ${literal(scratchPrefix)})
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity session WHERE session.datid = entry.oid)`,
  );
  for (const name of rows.map((row) => String(row['name'])).filter(isOldScratch)) {
    // Another sweep may be at it, or its owner may have come back: both are right.
    await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`).catch(() => undefined);
  }
}
