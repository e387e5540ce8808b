import type { Column } from '../../schema/snapshot.ts';

/** Whether the values that rows have in a column give way to computed ones, which a way back keeps. */
export function becomesGenerated(from: Column, to: Column | undefined): boolean {
  return from.generated === null && to !== undefined && to.generated !== null;
}
