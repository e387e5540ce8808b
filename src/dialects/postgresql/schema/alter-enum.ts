import type { Alteration, SchemaPair } from '../../../schema/change.ts';
import type { Enum } from '../../../schema/snapshot.ts';
import { createObject } from './create-object.ts';
import { literal } from '../literal.ts';
import { quoteTable } from '../quote.ts';
import { replaceType } from './replace-type.ts';
import { isReplaced } from './type-uses.ts';

/** New values are added where they belong. A value cannot be taken away or moved: then a new type takes the place of the old. */
export function alterEnum(from: Enum, to: Enum, schemas: SchemaPair): Alteration {
  if (!isReplaced(from, to)) return addValues(from, to);
  return replaceType(from, to, createObject(to).join(), schemas);
}

function addValues(from: Enum, to: Enum): Alteration {
  const statements = to.values.flatMap((value, i) => {
    if (from.values.includes(value)) return [];
    const last = to.values[i - 1];
    const [first] = from.values;
    const place =
      last !== undefined ? ` AFTER ${literal(last)}` : first === undefined ? '' : ` BEFORE ${literal(first)}`;
    return [`ALTER TYPE ${quoteTable(to)} ADD VALUE ${literal(value)}${place}`];
  });
  // Each commits what came before it, so nothing may.
  return { statements: [], first: statements, touched: [], loses: [] };
}
