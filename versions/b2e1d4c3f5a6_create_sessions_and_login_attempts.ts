/** create sessions and login attempts */
import type { Operations } from 'aludel';

export const revision = 'b2e1d4c3f5a6';
export const down_revision = 'a1f0c3d2e4b5';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.createTable('sessions', (table) => {
    table.string('id', 64).primary();
    table.integer('user_id').unsigned().notNullable().references('id').inTable('users').onDelete('CASCADE');
    table.timestamp('expires_at').nullable();
  });
  await op.createTable('login_attempts', (table) => {
    table.increments('id');
    table.string('email', 255).notNullable();
    table.boolean('succeeded').notNullable().defaultTo(false);
    table.timestamp('attempted_at').notNullable().defaultTo(op.knex.fn.now());
  });
  await op.createIndex('login_attempts', ['email', 'attempted_at']);
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropTable('login_attempts');
  await op.dropTable('sessions');
}
