// Tags that describe code for a type checker or an editor: such a comment is not a description of the revision.
const codeTags =
  /^@(?:type|typedef|param|returns?|satisfies|import|template|overload|callback|this|see|deprecated|async|throws)\b/;

const lineBreak = /\r\n|[\n\r\u2028\u2029]/;

/**
 * The text inside a doc comment, marks removed: `comment` begins with its two stars and ends with its star and slash. It is
 * empty for a comment that is for a type checker (`@param`, `@type` …), as JavaScript files have them.
 *
 * `*\/` stands for a star and a slash, which would end the comment, and `\@` at the start for an `@`. The lines keep their indentation behind the leading
 * star; empty lines at both ends are dropped. Between the lines is \n, whatever the file has.
 */
export function docCommentText(comment: string): string {
  const text = textInside(comment);
  return isCodeTag(text) ? '' : text.replace(/^\\(\\*@)/, '$1');
}

function textInside(comment: string): string {
  const written = comment.slice(3, -2).replace(/\*+$/, '');
  const inside = written.includes('*\\') ? written.replace(/\*\\(\\*)\//g, '*$1/') : written;
  if (!lineBreak.test(inside)) return inside.trim();
  const lines = inside.split(lineBreak);
  const bare = lines.map((line, index) =>
    index === 0 ? line.trim() : line.replace(/^[^\S\n]*(?:\* ?)?/, '').trimEnd(),
  );
  const first = bare.findIndex((line) => line !== '');
  if (first === -1) return '';
  return bare.slice(first, bare.findLastIndex((line) => line !== '') + 1).join('\n');
}

/** The message of a revision: the first line of its doc that is not empty, or ''. */
export function messageOfDoc(doc: string): string {
  if (!doc.includes('\n')) return doc.trim();
  for (const line of doc.split('\n')) {
    const trimmed = line.trim();
    if (trimmed !== '') return trimmed;
  }
  return '';
}

/** True when a doc comment with this text would be taken for one that is for a type checker. */
export function isCodeTag(docText: string): boolean {
  return codeTags.test(docText);
}
