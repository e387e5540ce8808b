/** Rows for `aludel test`: people whose addresses begin alike, and one who has none that a name could be made of. */
import type { Operations } from 'aludel';

const people = ['ada@one.example', 'ada@two.example', 'grace@one.example', 'nobody'];

export async function before(op: Operations): Promise<void> {
  for (const [index, email] of people.entries()) {
    await op.knex('users').insert({ id: index + 1, email });
  }
}

export async function after(op: Operations): Promise<void> {
  const rows: readonly { readonly username: string }[] = await op.knex('users').select('username').orderBy('id');
  const found = rows.map(({ username }) => username).join();
  const wanted = 'ada@one.example,ada@two.example,grace,nobody';
  if (found !== wanted) throw new Error(`the names are ${found}, and not ${wanted}`);
}
