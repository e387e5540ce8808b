/**
 * give every user a name
 *
 * A data migration: the part of the address before the @ becomes the user name, with a number behind it where two
 * users would have the same.
 */
import type { Operations } from 'aludel';

export const revision = 'e5b4a7d6c8f9';
export const down_revision = 'c3d2e5f4a6b7';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.addColumn('users', (table) => table.string('username', 255).nullable());
  const users = await op.knex<{ id: number; email: string }>('users').select('id', 'email').orderBy('id');
  const taken = new Set<string>();
  for (const { id, email } of users) {
    const name = firstFree(email.split('@', 1)[0] ?? email, taken);
    taken.add(name);
    await op.knex('users').where({ id }).update({ username: name });
  }
  await op.createIndex('users', 'username', { unique: true });
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropIndex('users_username_unique', { table: 'users' });
  await op.dropColumn('users', 'username');
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number++) candidate = `${name}${number}`;
  return candidate;
}
