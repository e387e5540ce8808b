import { both, unionOf, type ValueType } from '../../../schema/relation.ts';
import { objectId, type Domain, type SchemaObject } from '../../../schema/snapshot.ts';
import { qualifiedNames } from './qualified-names.ts';

/** What pg gives and takes for a type as the server writes it with an empty search_path. */
export interface ValueTypes {
  of(type: string): ValueType;
  /** What the domains among its bases say of every column: nothing when it is none. */
  domainOf(type: string): { readonly isNullable: boolean; readonly hasDefault: boolean };
}

const number = both('number');
const text = both('string');
const date: ValueType = { read: 'Date', write: 'Date | string' };
const json: ValueType = { read: 'unknown', write: 'JsonInput' };

/** What pg parses, by its default parsers (pg-types/lib/textParsers.js); everything else stays the server's text. */
const types: Readonly<Record<string, ValueType>> = {
  smallint: number,
  integer: number,
  oid: number,
  real: number,
  'double precision': number,
  bigint: { read: 'string', write: 'string | number | bigint' },
  numeric: { read: 'string', write: 'string | number | bigint' },
  boolean: both('boolean'),
  date,
  'timestamp without time zone': date,
  'timestamp with time zone': date,
  interval: { read: 'Interval', write: 'Interval | string' },
  bytea: both('Buffer'),
  json,
  jsonb: json,
  point: { read: '{ x: number; y: number }', write: 'string' },
  circle: { read: '{ x: number; y: number; radius: number }', write: 'string' },
};

/** Of these, lists are parsed too (the same file), and those of NUMERIC into numbers; lists of others stay text. */
const parsedInLists: ReadonlySet<string> = new Set([
  ...Object.keys(types).filter((name) => name !== 'circle'),
  'text',
  'character varying',
  'character',
  'uuid',
  'money',
  'inet',
  'cidr',
  'macaddr',
  'time without time zone',
  'time with time zone',
  'numrange',
]);

/** A domain comes over the wire as what it is based on; a list of domains has a type of its own, which pg does not know. */
export function createValueTypes(objects: readonly SchemaObject[]): ValueTypes {
  const known = new Map(objects.map((object) => [object.id, object]));
  const find = <K extends 'enum' | 'domain'>(kind: K, name: string): Extract<SchemaObject, { kind: K }> | undefined => {
    const [place] = qualifiedNames(name);
    if (place === undefined || name.endsWith(']')) return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an id begins with the kind of its object
    return known.get(objectId(kind, ...place)) as Extract<SchemaObject, { kind: K }> | undefined;
  };
  const of = (written: string): ValueType => {
    const type = plain(written);
    if (type.endsWith('[]')) return listOf(type.slice(0, -2));
    const domain = find('domain', type);
    if (domain !== undefined) return of(domain.type);
    const values = find('enum', type)?.values;
    return values === undefined ? (types[type] ?? text) : both(unionOf(values));
  };
  const listOf = (type: string): ValueType => {
    const element = of(type);
    const list = `readonly (${element.write} | null)[] | string`;
    if (!parsedInLists.has(type)) return { read: 'string', write: list };
    const read = type === 'numeric' ? 'number' : element.read;
    return { read: read === 'unknown' ? 'unknown[]' : `(${read} | null)[]`, write: list };
  };
  return {
    of,
    domainOf(type) {
      const chain: Domain[] = [];
      for (
        let domain = find('domain', plain(type));
        domain !== undefined;
        domain = find('domain', plain(domain.type))
      ) {
        chain.push(domain);
      }
      return {
        isNullable: chain.every(({ nullable }) => nullable),
        hasDefault: chain.some((domain) => domain.default !== null),
      };
    },
  };
}

/** Without collation, lengths and fields: `numeric(10,2)`, `timestamp(3) with time zone`, `interval day to second(3)`. */
function plain(type: string): string {
  const name = type.replace(/ COLLATE .*$/, '');
  if (/^interval\b/.test(name)) return name.endsWith('[]') ? 'interval[]' : 'interval';
  return name.includes('"') ? name : name.replace(/\(-?\d+(?:,-?\d+)?\)/, '');
}
