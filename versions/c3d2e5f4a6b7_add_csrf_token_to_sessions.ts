/** add csrf token to sessions */
import type { Operations } from 'aludel';

export const revision = 'c3d2e5f4a6b7';
export const down_revision = 'b2e1d4c3f5a6';
export const branch_labels = 'security';
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.addColumn('sessions', (table) => table.string('csrf_token', 64).nullable());
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropColumn('sessions', 'csrf_token');
}
