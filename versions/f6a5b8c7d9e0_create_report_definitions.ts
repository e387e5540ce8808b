/** create report definitions */
import type { Operations } from 'aludel';

export const revision = 'f6a5b8c7d9e0';
export const down_revision = 'd4c3f6e5b7a8';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.createTable('report_definitions', (table) => {
    table.increments('id');
    table.string('name', 100).notNullable();
    table.integer('owner_id').unsigned().nullable().references('id').inTable('users').onDelete('SET NULL');
  });
  await op.bulkInsert('report_definitions', [{ name: 'Open tasks' }, { name: 'Tasks by tag' }]);
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropTable('report_definitions');
}
