/**
 * give every user a name
 *
 * A data migration: the part of the address before the @ becomes the user name. Where two users would have the same,
 * both keep the whole address. It asks the database for nothing, so that it can be written as a script.
 */
import type { Operations } from 'aludel';

export const revision = 'e5b4a7d6c8f9';
export const down_revision = 'c3d2e5f4a6b7';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.addColumn('users', (table) => table.string('username', 255).nullable());
  const at = op.context.dialect === 'sqlite' ? "instr(email, '@')" : "position('@' in email)";
  await op.knex('users').update({ username: op.knex.ref('email') });
  await op
    .knex('users')
    .where('email', 'like', '%@%')
    .update({ username: op.knex.raw(`substr(email, 1, ${at} - 1)`) });
  const shared = op.knex('users').select('username').groupBy('username').having(op.knex.raw('count(*) > 1'));
  // MySQL does not let an UPDATE ask its own table, but for a table that is derived from it.
  await op
    .knex('users')
    .whereIn('username', op.knex.select('username').from(shared.as('shared')))
    .update({ username: op.knex.ref('email') });
  await op.createIndex('users', 'username', { unique: true });
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropIndex('users_username_unique', { table: 'users' });
  await op.dropColumn('users', 'username');
}
