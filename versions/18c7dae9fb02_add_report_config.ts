/** add report_config to report definitions */
import type { Operations } from 'aludel';

export const revision = '18c7dae9fb02';
export const down_revision = '07b6c9d8eaf1';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.addColumn('report_definitions', (table) => table.text('report_config').nullable());
  await op
    .knex('report_definitions')
    .where({ name: 'Open tasks' })
    .update({ report_config: JSON.stringify({ columns: ['title', 'done'] }) });
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropColumn('report_definitions', 'report_config');
}
