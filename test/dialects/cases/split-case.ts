/** A text, the statements it holds, and whether a real server can be asked about it as a whole. */
export interface SplitCase {
  readonly title: string;
  readonly text: string;
  readonly statements: readonly string[];
  /** Why no server can run the whole text; null when one must, with as many results as there are statements. */
  readonly notRun: string | null;
}

export function splits(
  title: string,
  text: string,
  statements: readonly string[],
  notRun: string | null = null,
): SplitCase {
  return { title, text, statements, notRun };
}

/** A text that is refused: with which code, at which line, and what the message must name. */
export interface RefusedCase {
  readonly title: string;
  readonly text: string;
  readonly code: 'sql.unterminated' | 'sql.unsupported';
  readonly line: number;
  readonly names: string;
}

export function refuses(
  title: string,
  text: string,
  code: RefusedCase['code'],
  line: number,
  names: string,
): RefusedCase {
  return { title, text, code, line, names };
}
