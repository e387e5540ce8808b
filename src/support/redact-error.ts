/** Errors that wrap each other are a few deep; a ring of causes must not hold us. */
const deepest = 8;

/**
 * Masks secrets in an error and its causes, in place: message, stack and every text among its own properties, because
 * drivers keep the statement, the host and the server's words there. What holds no secret stays the same object.
 */
export function redactError(thrown: unknown, redact: (text: string) => string): void {
  for (let error = thrown, depth = 0; error instanceof Error && depth < deepest; error = error.cause, depth++) {
    for (const name of Object.getOwnPropertyNames(error)) {
      const property = Object.getOwnPropertyDescriptor(error, name);
      if (name === 'cause' || property === undefined || !('value' in property)) continue;
      const value = redactDeep(property.value, redact);
      if (value !== property.value && property.configurable === true) {
        Object.defineProperty(error, name, { ...property, value });
      }
    }
    if (error instanceof AggregateError) for (const one of error.errors) redactError(one, redact);
  }
}

/**
 * A value with secrets masked in every text of its plain objects and lists; itself when it holds none. What refers back
 * to itself is left as it is at that place.
 */
export function redactDeep(
  value: unknown,
  redact: (text: string) => string,
  known: Map<unknown, unknown> = new Map(),
): unknown {
  if (typeof value === 'string') return redact(value);
  if (!Array.isArray(value) && !isPlainObject(value)) return value;
  if (known.has(value)) return known.get(value);
  known.set(value, value);
  const entries = Object.entries(value);
  const redacted = entries.map(([name, one]) => [name, redactDeep(one, redact, known)] as const);
  if (redacted.some(([, one], index) => one !== entries[index]?.[1])) {
    known.set(value, Array.isArray(value) ? redacted.map(([, one]) => one) : Object.fromEntries(redacted));
  }
  return known.get(value);
}

/** Rows of a driver may have no prototype. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
