/** Characters that JSON allows unescaped and a terminal obeys or reorders. */
const unsafe = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A report as pretty JSON with two spaces; safe to look at in a terminal, equal to the record when parsed. */
export function jsonText(report: unknown): string {
  const text = JSON.stringify(report, (_key, value: unknown) => asJson(value), 2);
  return text.replaceAll(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Facts of an error may hold what JSON lacks. */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Set) return [...(value as ReadonlySet<unknown>)];
  if (value instanceof Map) return Object.fromEntries(value as ReadonlyMap<string, unknown>);
  if (value instanceof Error) return { name: value.name, message: value.message };
  return value;
}
