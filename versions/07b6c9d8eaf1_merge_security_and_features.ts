/** merge security and features */
import type { Operations } from 'aludel';

export const revision = '07b6c9d8eaf1';
export const down_revision = ['e5b4a7d6c8f9', 'f6a5b8c7d9e0'];
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(_op: Operations): Promise<void> {
  // Nothing to do: a merge joins two lines of revisions.
}

export async function downgrade(_op: Operations): Promise<void> {
  // Nothing to do.
}
