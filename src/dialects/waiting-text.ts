/** Statements that a connection was given to send with its next call; see {@link Connection.sendWithNext}. */
export interface WaitingText {
  add(sql: string): void;
  /** The statements, which then wait no longer. */
  take(): readonly string[];
}

export function createWaitingText(): WaitingText {
  let waiting: string[] = [];
  return {
    add(sql) {
      waiting.push(sql);
    },
    take() {
      const taken = waiting;
      if (taken.length > 0) waiting = [];
      return taken;
    },
  };
}

/** One text for several statements. A statement may end in a line comment, hence the line ends. */
export function joinStatements(statements: readonly string[]): string {
  return statements.length === 1 ? (statements[0] ?? '') : statements.join(';\n');
}
