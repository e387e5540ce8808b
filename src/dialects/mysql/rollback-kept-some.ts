import type { Connection } from '../connection.ts';

/** ER_WARNING_NOT_COMPLETE_ROLLBACK, where rows of an engine without transactions were changed, such as MyISAM (MySQL manual, 15.3.1). */
const rollbackWasNotComplete = 1196;

export async function rollbackKeptSome(connection: Connection): Promise<boolean> {
  try {
    const { rows } = await connection.query('SHOW WARNINGS');
    return rows.some((row) => row['Code'] === rollbackWasNotComplete);
  } catch {
    // Only a lost connection answers nothing: nothing can be noted either, and the error that led here says more.
    return false;
  }
}
