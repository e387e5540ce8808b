/** create users */
import type { Operations } from 'aludel';

export const revision = 'a1f0c3d2e4b5';
export const down_revision = null;
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.createTable('users', (table) => {
    table.increments('id');
    table.string('email', 255).notNullable();
    table.string('password_hash', 255).notNullable().defaultTo('');
    table.timestamp('created_at').notNullable().defaultTo(op.knex.fn.now());
  });
  await op.createIndex('users', 'email', { unique: true });
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropTable('users');
}
