import { describe } from 'vitest';

/** Why a server cannot be asked, or null. In CI an absent server is a failure, not a reason to look away. */
export async function absence(server: string, connect: () => Promise<void>): Promise<string | null> {
  try {
    await connect();
    return null;
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return `SKIPPED: no ${server}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A suite that runs against a server, or says in its title why it does not. */
export function describeWithServer(title: string, absent: string | null, body: () => void): void {
  if (absent === null) describe(title, body);
  else describe.skip(`${title} (${absent})`, body);
}

/** A name for a database of this run's own. */
export function scratchName(): string {
  return `aludel_split_${Math.random().toString(36).slice(2, 10)}`;
}
