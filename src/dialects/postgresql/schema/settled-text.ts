const literal = `E?'(?:[^']|'')*'`;
const type = String.raw`(?:"(?:[^"]|"")+"|\w)(?:"(?:[^"]|"")+"|[\w. ])*`;
const list = new RegExp(String.raw`\(ARRAY\[(${literal}::${type}(?:, ${literal}::${type})*)\]\)::(${type})\[\]`, 'g');
const item = new RegExp(`${literal}::${type}`, 'g');

/**
 * An expression as the server writes it once it has read its own text. For `IN ('a', 'b')` on a varchar it first writes
 * `(ARRAY['a'::character varying, …])::text[]`, reads that as a cast of each value, and writes those from then on.
 */
export function settledText(expression: string): string {
  return expression.replaceAll(list, (_all, items: string, target: string) => {
    return `ARRAY[${items.replaceAll(item, (one) => `(${one})::${target}`)}]`;
  });
}
