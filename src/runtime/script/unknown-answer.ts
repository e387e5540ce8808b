import type { QueryResult } from '../../dialects/connection.ts';
import type { ResultRows } from '../../operations/operations.ts';

/**
 * The rows of a statement that was written and not run: whoever looks at them gets what `refuse` throws. A promise that
 * resolves with them looks for `then`, which is let pass.
 */
export function unknownRows(refuse: () => never): ResultRows {
  return new Proxy([], {
    get: (_rows, key) => (key === 'then' ? undefined : refuse()),
    has: refuse,
    ownKeys: refuse,
  });
}

/** What knex gets for a statement that was written and not run: counts that cannot be reckoned with. */
export function unknownResult(refuse: () => never): QueryResult {
  const count = unknownCount(refuse);
  return { rows: [], rowCount: count, insertId: count, native: null };
}

/** A number that throws what `refuse` throws when it is compared, added or written. */
export function unknownCount(refuse: () => never): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it stands where a number would, to be found out when it is used
  return { [Symbol.toPrimitive]: refuse } as unknown as number;
}
