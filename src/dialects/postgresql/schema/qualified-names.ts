const part = String.raw`("(?:[^"]|"")+"|[^\s".,()[\]]+)`;
const pattern = new RegExp(String.raw`${part}\.${part}`, 'g');

/** The names with a schema in a text of the server's, as pairs without their quotes. */
export function qualifiedNames(text: string): readonly (readonly [schema: string, name: string])[] {
  return [...text.matchAll(pattern)].map(([, schema = '', name = '']) => [bare(schema), bare(name)]);
}

function bare(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
