/** Words that name a place in the history instead of a revision; no id and no label may be one of them. */
export const reservedWords: ReadonlySet<string> = new Set(['head', 'heads', 'base', 'current']);

/** Longest id that fits the version column as this tool creates it. */
const longestId = 255;

/**
 * What is wrong with an id that a file holds, as the rest of a sentence; null when nothing is.
 *
 * Only what would make the id impossible to address is refused: spaces, dots, slashes and letters of every script
 * occur in real histories and stay legal. `@ : + -` are the grammar of targets.
 */
export function idProblem(id: string): string | null {
  return plainName.test(id) && !reservedWords.has(id) ? null : nameProblem(id, '@:+-');
}

/**
 * What is wrong with a branch label that a file holds, as the rest of a sentence; null when nothing is.
 *
 * Unlike an id a label may hold `-`: Alembic never checked labels, so `hot-fix` and `release-2` are in use, and exact
 * names win over relative targets.
 */
export function labelProblem(label: string): string | null {
  return nameProblem(label, '@:+');
}

/**
 * What is wrong with the id of a revision that is about to be created; null when nothing is.
 *
 * Stricter than {@link idProblem}: the id becomes part of a file name and is typed in shells, so separators, quotes
 * and spaces are refused while refusing is still free.
 */
export function newIdProblem(id: string): string | null {
  const problem = idProblem(id);
  if (problem !== null) return problem;
  if (id.length > longestId) return `has ${id.length} characters, and the version table holds ${longestId}`;
  const awkward = /[\s/\\'"`,;*?<>|$%&#!(){}[\]]/u.exec(id);
  if (awkward !== null) return `holds ${quotedCharacter(awkward[0])}, which is no good in a file name or a shell`;
  return id.startsWith('.') ? 'starts with a dot, so its file would be hidden' : null;
}

/** What is wrong with a branch label that is about to be created; null when nothing is. */
export function newLabelProblem(label: string): string | null {
  const problem = labelProblem(label);
  if (problem !== null) return problem;
  const awkward = /[\s,]/u.exec(label);
  if (awkward !== null) return `holds ${quotedCharacter(awkward[0])}, which cannot be typed as part of a target`;
  return /[+-]\d+$/u.test(label) ? 'reads like a relative target' : null;
}

/** What nearly every id looks like: worth a shortcut, because every id is checked on every command. */
const plainName = /^\w+$/u;

function nameProblem(name: string, forbidden: string): string | null {
  if (name === '') return 'is empty';
  if (reservedWords.has(name)) return 'is a reserved word';
  if (name !== name.trim()) return 'begins or ends with a space';
  for (const character of name) {
    if (forbidden.includes(character)) return `holds "${character}", which has a meaning in targets`;
    if (isControl(character)) return `holds the control character ${quotedCharacter(character)}`;
  }
  return null;
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x2028 || code === 0x2029;
}

function quotedCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return isControl(character) ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : `"${character}"`;
}
