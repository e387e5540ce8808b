/** What may hold a backtick that is no end of a template: strings and comments; and what a template may hold. */
const outside = /`|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\/\/.*/g;
const inside = /`|\\./g;

/** TypeScript two blanks further in, but for the lines that begin inside a template literal and are part of its text. */
export function indentBody(body: string): string {
  let isText = false;
  return body
    .split('\n')
    .map((line) => {
      const indented = isText || line === '' ? line : `  ${line}`;
      for (let at = 0; at < line.length;) {
        const mark = isText ? inside : outside;
        mark.lastIndex = at;
        const found = mark.exec(line);
        if (found === null) break;
        if (found[0] === '`') isText = !isText;
        at = mark.lastIndex;
      }
      return indented;
    })
    .join('\n');
}
