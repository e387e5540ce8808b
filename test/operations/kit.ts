import type { Operations } from '../../src/operations/operations.ts';
import type { Case, Kit } from './kit-case.ts';
import { dataKit } from './kit-data.ts';
import { accessKit, commentKit, enumKit, routineKit, schemaKit, sequenceKit, viewKit } from './kit-objects.ts';
import { columnKit, constraintKit, indexKit, tableKit } from './kit-tables.ts';

/** Every operation of `op`, alone and with each of its options, on every dialect. */
export const kit: Kit<keyof Operations> = {
  ...tableKit,
  ...columnKit,
  ...constraintKit,
  ...indexKit,
  ...viewKit,
  ...enumKit,
  ...sequenceKit,
  ...schemaKit,
  ...routineKit,
  ...accessKit,
  ...commentKit,
  ...dataKit,
};

export interface KitRow {
  readonly operation: string;
  /** An option, a kind of constraint, or what else is asked for; `plain` without. */
  readonly row: string;
  readonly test: Case;
}

export const kitRows: readonly KitRow[] = Object.entries(kit).flatMap(([operation, cases]) =>
  Object.entries(cases).map(([row, test]: [string, Case]) => ({ operation, row, test })),
);
