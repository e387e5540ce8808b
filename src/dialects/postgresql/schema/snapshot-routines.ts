import { objectId } from '../../../schema/snapshot.ts';
import { qualified, whole, written, type Found } from './found-object.ts';
import { literal } from '../literal.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, RoutineRow } from './schema-rows.ts';

/** Functions, procedures and aggregates. Aggregates of ordered sets are not read: `unread` takes their names. */
export function routineObjects({ routines }: Catalogue, ids: SchemaIds, unread: string[]): readonly Found[] {
  return routines.flatMap((row): readonly Found[] => {
    const { oid, schema, name } = row;
    const place = `${qualified(row)}(${row.arguments})`;
    if (row.kind === 'a') {
      if (row.aggregate?.['form'] !== 'n') {
        unread.push(`aggregate ${place}`);
        return [];
      }
      const id = objectId('aggregate', schema, `${name}(${row.arguments})`);
      ids.add('pg_proc', oid, whole(id), `AGGREGATE ${place}`);
      return [
        {
          object: written(
            { id, kind: 'aggregate', schema, name },
            [aggregate(row, place)],
            `DROP AGGREGATE ${withStar(place)}`,
          ),
        },
      ];
    }
    const kind = row.kind === 'p' ? 'procedure' : 'function';
    // Default values are no part of what tells two functions of one name apart.
    const id = objectId(kind, schema, `${name}(${row.arguments})`);
    ids.add('pg_proc', oid, whole(id), `${kind.toUpperCase()} ${place}`);
    const definition = [(row.definition ?? '').trimEnd()];
    return [
      {
        object: written(
          { id, kind, schema, name, shape: [row.result ?? ''] },
          definition,
          `DROP ${kind.toUpperCase()} ${place}`,
        ),
      },
    ];
  });
}

/** Functions it is made of, by the words of CREATE AGGREGATE; `-` is none. */
const functions = ['finalfunc', 'combinefunc', 'serialfunc', 'deserialfunc', 'msfunc', 'minvfunc', 'mfinalfunc'];
const parallelWords: Readonly<Record<string, string>> = { s: 'SAFE', r: 'RESTRICTED' };

function aggregate({ aggregate: made }: RoutineRow, place: string): string {
  const of = (key: string): string | null => {
    const value = made?.[key];
    return value === null || value === undefined || value === '-' ? null : String(value);
  };
  const initial = (key: string): readonly string[] => {
    const value = of(key);
    return value === null ? [] : [`${key.toUpperCase()} = ${literal(value)}`];
  };
  const parallel = parallelWords[of('parallel') ?? ''];
  const parts = [
    `SFUNC = ${of('sfunc')}`,
    `STYPE = ${of('stype')}`,
    ...(of('sspace') === '0' ? [] : [`SSPACE = ${of('sspace')}`]),
    ...functions.flatMap((key) => (of(key) === null ? [] : [`${key.toUpperCase()} = ${of(key)}`])),
    ...(made?.['finalfunc_extra'] === true ? ['FINALFUNC_EXTRA'] : []),
    ...(of('mstype') === null ? [] : [`MSTYPE = ${of('mstype')}`]),
    ...(made?.['mfinalfunc_extra'] === true ? ['MFINALFUNC_EXTRA'] : []),
    ...initial('initcond'),
    ...initial('minitcond'),
    ...(of('sortop') === null ? [] : [`SORTOP = OPERATOR(${(of('sortop') ?? '').replace(/\(.*$/, '')})`]),
    ...(parallel === undefined ? [] : [`PARALLEL = ${parallel}`]),
  ];
  return `CREATE AGGREGATE ${withStar(place)} (${parts.join(', ')})`;
}

/** An aggregate without arguments has a star in their place. */
function withStar(place: string): string {
  return place.replace(/\(\)$/, '(*)');
}
