/** Ends a switch over a union: a new variant becomes a compile error here instead of a silent fall-through. */
export function assertNever(value: never): never {
  throw new Error(`unhandled variant: ${JSON.stringify(value)}`);
}
