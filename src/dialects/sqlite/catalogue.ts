/**
 * Nothing on SQLite is ever in doubt: what cannot run inside a transaction (VACUUM, PRAGMA, ATTACH) can run again.
 */
export function catalogueState(): Promise<string | null> {
  return Promise.resolve(null);
}

export function leftoversOf(): Promise<readonly string[]> {
  return Promise.resolve([]);
}
