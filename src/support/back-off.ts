/**
 * Milliseconds before try number `attempt`, from 0: `first`, doubling up to `longest`. Each is shortened at random by up
 * to half (`random` is from 0 to 1), so that many who wait for one thing do not knock at the same instant.
 */
export function backOff(
  attempt: number,
  { first, longest }: { readonly first: number; readonly longest: number },
  random: number,
): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempt, 30));
  return Math.round(full * (1 - random / 2));
}
