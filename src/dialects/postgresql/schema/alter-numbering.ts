import type { SchemaPair } from '../../../schema/change.ts';
import type { Column } from '../../../schema/snapshot.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier } from '../quote.ts';

/** Another sequence may be waiting for the name of the one that the identity has. */
export function withoutIdentity(from: Column, to: Column, table: string): readonly string[] {
  if (from.identity === null || from.identity === to.identity || onlyKindDiffers(from.identity, to.identity)) return [];
  return [`ALTER TABLE ${table} ALTER COLUMN ${quoteIdentifier(to.name)} DROP IDENTITY`];
}

/** An identity takes the name of its sequence from the column, and goes on after the numbers that are there. */
export function withIdentity(from: Column, to: Column, table: string): readonly string[] {
  if (to.identity === null || from.identity === to.identity || onlyKindDiffers(from.identity, to.identity)) return [];
  const column = quoteIdentifier(to.name);
  const isFalling = to.identity.includes('INCREMENT BY -');
  const start = /START WITH (-?\d+)/.exec(to.identity)?.[1] ?? /MINVALUE (-?\d+)/.exec(to.identity)?.[1] ?? '1';
  return [
    `ALTER TABLE ${table} ALTER COLUMN ${column} ADD ${to.identity}`,
    ...(isFalling
      ? []
      : [
          `SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(${literal(table)}, ${literal(to.name)}), pg_catalog.max(${column})) ` +
            `FROM ${table} HAVING pg_catalog.max(${column}) >= ${start}`,
        ]),
  ];
}

/** A new sequence goes on after the numbers that are there. */
export function withSequence(from: Column, to: Column, table: string, schemas: SchemaPair): readonly string[] {
  const named = /^nextval\(('(?:[^']|'')+')::regclass\)$/.exec(to.default ?? '')?.[1];
  if (named === undefined || from.default === to.default) return [];
  const sequence = schemas.to.objects.find(
    (object) => object.kind === 'sequence' && named === literal(nameAsShown(object)),
  );
  const isNew = sequence !== undefined && schemas.from.objects.every(({ id }) => id !== sequence.id);
  if (sequence?.kind !== 'sequence' || !isNew || sequence.options['INCREMENT BY']?.startsWith('-')) return [];
  const start = sequence.options['START WITH'] ?? sequence.options['MINVALUE'] ?? '1';
  const column = quoteIdentifier(to.name);
  return [
    `SELECT pg_catalog.setval(${named}, pg_catalog.max(${column})) FROM ${table} HAVING pg_catalog.max(${column}) >= ${start}`,
  ];
}

/** The server quotes only what needs it. */
function nameAsShown({ schema, name }: { readonly schema: string | null; readonly name: string }): string {
  const shown = (text: string): string => (/^[a-z_][a-z0-9_]*$/.test(text) ? text : quoteIdentifier(text));
  return `${shown(schema ?? '')}.${shown(name)}`;
}

/** Whether only ALWAYS and BY DEFAULT tell two identities apart. */
export function onlyKindDiffers(from: string | null, to: string | null): boolean {
  const options = (identity: string | null): string | undefined =>
    identity?.replace(/^GENERATED (?:ALWAYS|BY DEFAULT)/, '');
  return from !== to && from !== null && options(from) === options(to);
}
