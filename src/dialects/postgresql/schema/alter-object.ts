import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import type { Composite, Domain, SchemaObject, Sequence, Written } from '../../../schema/snapshot.ts';
import { alterRights } from '../../schema/granted-rights.ts';
import { alterEnum } from './alter-enum.ts';
import { alterTable } from './alter-table.ts';
import { createObject } from './create-object.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { rightsText } from './rights-text.ts';
import { replaceType } from './replace-type.ts';
import { isReplaced, usesOf } from './type-uses.ts';

/** How an object becomes another one in place; null for what must be dropped and created. */
export function alterObject(from: SchemaObject, to: SchemaObject, schemas: SchemaPair): Alteration | null {
  if (from.kind === 'table' && to.kind === 'table') return alterTable(from, to, schemas);
  if (from.kind === 'enum' && to.kind === 'enum') return alterEnum(from, to, schemas);
  if (from.kind === 'domain' && to.kind === 'domain') return alterDomain(from, to, schemas);
  if (from.kind === 'composite' && to.kind === 'composite') return alterComposite(from, to, schemas);
  if (from.kind === 'sequence' && to.kind === 'sequence') return plain(alterSequence(from, to));
  if (from.kind === 'grant' || to.kind === 'grant') {
    return from.kind === 'grant' && to.kind === 'grant' ? alterRights(from, to, rightsText(to)) : null;
  }
  if ('definition' in from && 'definition' in to) return replace(from, to);
  return null;
}

function plain(statements: readonly string[]): Alteration {
  return { statements, touched: [], loses: [] };
}

/** A routine keeps its result, a view its columns: more cannot be replaced (manual, CREATE FUNCTION, CREATE VIEW). */
function replace(from: Written, to: Written): Alteration | null {
  switch (to.kind) {
    case 'comment':
    case 'sequenceOwner':
      return plain(to.definition);
    case 'function':
    case 'procedure':
      return from.shape.join() === to.shape.join() ? plain(to.definition) : null;
    case 'view': {
      const goesOn = from.shape.every((column, i) => column === to.shape[i]);
      const [create = '', ...more] = to.definition;
      if (!goesOn || more.length > 0 || from.definition.length > 1) return null;
      return plain([create.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW')]);
    }
    default:
      return null;
  }
}

const sequenceDefaults: Readonly<Record<string, string>> = {
  AS: 'AS bigint',
  'INCREMENT BY': 'INCREMENT BY 1',
  MINVALUE: 'NO MINVALUE',
  MAXVALUE: 'NO MAXVALUE',
  CACHE: 'CACHE 1',
  CYCLE: 'NO CYCLE',
};

function alterSequence(from: Sequence, to: Sequence): readonly string[] {
  const keys = ['AS', 'INCREMENT BY', 'MINVALUE', 'MAXVALUE', 'START WITH', 'CACHE', 'CYCLE'];
  const parts = keys
    .filter((key) => from.options[key] !== to.options[key])
    .map((key) => {
      const value = to.options[key];
      if (value !== undefined) return key === 'CYCLE' ? key : `${key} ${value}`;
      // Without a word of its own the start is the first number.
      const rising = !(to.options['INCREMENT BY'] ?? '1').startsWith('-');
      return (
        sequenceDefaults[key] ??
        `START WITH ${(rising ? to.options['MINVALUE'] : to.options['MAXVALUE']) ?? (rising ? '1' : '-1')}`
      );
    });
  return [`ALTER SEQUENCE ${quoteTable(to)} ${parts.join(' ')}`];
}

function alterDomain(from: Domain, to: Domain, schemas: SchemaPair): Alteration {
  if (isReplaced(from, to)) return replaceType(from, to, createObject(to).join(), schemas);
  const alter = `ALTER DOMAIN ${quoteTable(to)}`;
  const kept = (list: Domain['checks'], { name, definition }: Domain['checks'][number]): boolean =>
    list.some((check) => check.name === name && check.definition === definition);
  const dropped = from.checks.filter((check) => !kept(to.checks, check));
  const statements = [
    ...dropped.map(({ name }) => `${alter} DROP CONSTRAINT ${quoteIdentifier(name)}`),
    ...(from.default === to.default
      ? []
      : [`${alter} ${to.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${to.default}`}`]),
    ...(from.nullable === to.nullable ? [] : [`${alter} ${to.nullable ? 'DROP' : 'SET'} NOT NULL`]),
    ...to.checks
      .filter((check) => !kept(from.checks, check))
      .map(({ name, definition }) => `${alter} ADD CONSTRAINT ${quoteIdentifier(name)} ${definition}`),
  ];
  return { ...plain(statements), renewed: dropped.map(({ name }) => ({ object: from.id, part: name })) };
}

/** The type of an attribute can only change while no column has it. */
function alterComposite(from: Composite, to: Composite, schemas: SchemaPair): Alteration {
  const typeOf = ({ attributes }: Composite, name: string): string | undefined =>
    attributes.find((attribute) => attribute.name === name)?.type;
  const gone = from.attributes
    .filter(({ name }) => typeOf(to, name) === undefined)
    .map(({ name }) => `DROP ATTRIBUTE ${quoteIdentifier(name)} CASCADE`);
  const added = to.attributes
    .filter(({ name }) => typeOf(from, name) === undefined)
    .map(({ name, type }) => `ADD ATTRIBUTE ${quoteIdentifier(name)} ${type} CASCADE`);
  const alter = (parts: readonly string[]): readonly string[] =>
    parts.length === 0 ? [] : [`ALTER TYPE ${quoteTable(to)} ${parts.join(', ')}`];
  if (isReplaced(from, to) && usesOf(from, schemas).length > 0) {
    const kept = from.attributes.flatMap(({ name }) => {
      const type = typeOf(to, name);
      return type === undefined ? [] : [{ name, type }];
    });
    const replaced = replaceType(from, to, createObject({ ...to, attributes: kept }).join(), schemas);
    return { ...replaced, statements: [...alter(gone), ...replaced.statements, ...alter(added)] };
  }
  const retyped = to.attributes
    .filter(({ name, type }) => ![undefined, type].includes(typeOf(from, name)))
    .map(({ name, type }) => `ALTER ATTRIBUTE ${quoteIdentifier(name)} TYPE ${type} CASCADE`);
  return plain(alter([...gone, ...retyped, ...added]));
}
