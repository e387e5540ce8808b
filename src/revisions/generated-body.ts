import { opCall, statementText, textOf } from '../support/typescript-text.ts';

/** Statements of one change, with what is said about them. */
export interface GeneratedChange {
  readonly kind: 'create' | 'alter' | 'drop' | 'rename' | 'prepare';
  /** What it changes; null for what only prepares the session. */
  readonly object: string | null;
  /** One line each, without comment marks. */
  readonly remarks: readonly string[];
  readonly statements: readonly string[];
  /** Calls of `op` that do the same, in TypeScript without indentation; null where there are none. */
  readonly calls: readonly string[] | null;
}

/** The body of a direction in TypeScript: calls of `op`, or one `op.execute` for each statement, which stays as it is. */
export function typescriptBody(changes: readonly GeneratedChange[]): string {
  return changes
    .flatMap(({ remarks, statements, calls }) => [
      ...remarks.map((remark) => `// ${onOneLine(remark)}`),
      ...(calls ?? statements.map((sql) => statementText(opCall('execute', textOf(sql))))),
    ])
    .join('\n');
}

/** The section of a direction in SQL. `script` writes statements with their terminators. */
export function sqlBody(
  changes: readonly GeneratedChange[],
  script: (statements: readonly string[]) => string,
): string {
  return changes
    .flatMap(({ remarks, statements }) => [
      ...remarks.map((remark) => `-- ${onOneLine(remark)}`),
      ...(statements.length === 0 ? [] : [script(statements).trimEnd()]),
    ])
    .join('\n');
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
