import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { fieldTypes } from '../../src/environment/models/model.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { liveProject, type LiveProject } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';

/** Two models that refer to each other, one of them to itself. */
const models = {
  'models/user.yaml': `name: User
table: users
description: Who's there
fields:
  id: { type: uuid, primary: true }
  email: { type: string, required: true, unique: true, max_length: 255 }
  bio: { type: text, default: "it's {x} ? \\\\" }
  best_post: { type: integer, references: { table: posts, on_delete: set null } }
`,
  'models/more/post.yml': `name: Post
table: posts
fields:
  id: { type: integer, primary: true }
  parent: { type: integer, references: posts.id }
  state: { type: enum, values: [open, "it's"], default: open, index: true }
  price: { type: decimal, precision: 12, scale: 3 }
  seen: { type: boolean, required: true, default: false }
  at: { type: datetime, required: true, default: now }
relations:
  - { type: many_to_one, target: User }
indexes:
  - [state, at]
  - { fields: [parent, at], unique: true, name: one_at_a_time }
`,
};

/** The same by hand. */
const sameAs: Readonly<Record<DialectName, string>> = {
  sqlite: `
CREATE TABLE users (id char(36) NOT NULL PRIMARY KEY, email varchar(255) NOT NULL, bio text DEFAULT 'it''s {x} ? \\',
  best_post integer REFERENCES posts (id) ON DELETE SET NULL);
CREATE UNIQUE INDEX users_email_unique ON users (email);
CREATE TABLE posts (id integer NOT NULL PRIMARY KEY, parent integer REFERENCES posts (id),
  state text CHECK (state IN ('open', 'it''s')) DEFAULT 'open', price decimal(12, 3), seen boolean NOT NULL DEFAULT 0,
  at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP, user_id char(36) REFERENCES users (id));
CREATE INDEX posts_state_index ON posts (state);
CREATE INDEX posts_state_at_index ON posts (state, at);
CREATE UNIQUE INDEX one_at_a_time ON posts (parent, at);`,
  postgresql: `
CREATE TABLE users (id uuid PRIMARY KEY, email varchar(255) NOT NULL CONSTRAINT users_email_unique UNIQUE,
  bio text DEFAULT 'it''s {x} ? \\', best_post integer);
CREATE TABLE posts (id serial PRIMARY KEY, parent integer CONSTRAINT posts_parent_foreign REFERENCES posts,
  state text CHECK (state IN ('open', 'it''s')) DEFAULT 'open', price numeric(12, 3), seen boolean NOT NULL DEFAULT false,
  at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, user_id uuid CONSTRAINT posts_user_id_foreign REFERENCES users,
  CONSTRAINT one_at_a_time UNIQUE (parent, at));
ALTER TABLE users ADD CONSTRAINT users_best_post_foreign FOREIGN KEY (best_post) REFERENCES posts ON DELETE SET NULL;
CREATE INDEX posts_state_index ON posts (state);
CREATE INDEX posts_state_at_index ON posts (state, at);
COMMENT ON TABLE users IS 'Who''s there';`,
  mysql: `
CREATE TABLE users (id char(36) PRIMARY KEY, email varchar(255) NOT NULL, bio text DEFAULT ('it''s {x} ? \\\\'), best_post int,
  UNIQUE KEY users_email_unique (email)) COMMENT 'Who''s there';
CREATE TABLE posts (id int AUTO_INCREMENT PRIMARY KEY, parent int, state enum('open', 'it''s') DEFAULT 'open',
  price decimal(12, 3), seen boolean NOT NULL DEFAULT false, at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP, user_id char(36),
  KEY posts_state_index (state), KEY posts_state_at_index (state, at), UNIQUE KEY one_at_a_time (parent, at),
  CONSTRAINT posts_parent_foreign FOREIGN KEY (parent) REFERENCES posts (id),
  CONSTRAINT posts_user_id_foreign FOREIGN KEY (user_id) REFERENCES users (id));
ALTER TABLE users ADD CONSTRAINT users_best_post_foreign FOREIGN KEY (best_post) REFERENCES posts (id) ON DELETE SET NULL;`,
};

await describeOnEveryDialect('models in YAML', (dialect) => {
  test('make what SQL written by hand makes, with rings of references', async () => {
    const project = await projectWith(dialect, { ...models, 'hand.sql': sameAs[dialect] });

    expect(differences(await diff(project.config, 'hand.sql', 'models'))).toEqual([]);
  });

  test('lead to a revision that makes them, and back', { timeout: 60_000 }, async () => {
    const project = await projectWith(dialect, { ...models, 'migrate.config.json': '{ "target": "models" }' });
    const start = await check(project.config);

    await autogenerate(project.config, { message: 'models' });
    await upgrade(project.config, 'head');
    expect(differences(await check(project.config))).toEqual([]);

    write(project, 'models/user.yaml', models['models/user.yaml'].replace('255', '300').replace('bio', 'biography'));
    await autogenerate(project.config, { message: 'more' });
    await upgrade(project.config, 'head');
    expect(differences(await check(project.config))).toEqual([]);

    await downgrade(project.config, 'base');
    write(project, 'models/user.yaml', models['models/user.yaml']);
    expect(differences(await check(project.config, { from: 'revisions' }))).not.toEqual([]);
    expect((await diff(project.config, 'database', 'models')).changes).toEqual(start.changes);
  });

  test('have the types that the page of models says', async () => {
    const columns = fieldTypes.map((type) => `  a_${type}: { type: ${type}${type === 'enum' ? ', values: [x]' : ''} }`);
    const project = await projectWith(dialect, {
      'model.yaml': `table: a\nfields:\n  id: { type: integer, primary: true }\n${columns.join('\n')}\n`,
      'page.sql': `CREATE TABLE a (id ${numbered[dialect]}, ${fieldTypes.map((type) => columnOf(type, dialect)).join(', ')});`,
    });

    expect(differences(await diff(project.config, 'page.sql', 'model.yaml'))).toEqual([]);
  });

  test('are told with file and line when the database refuses one', async () => {
    const project = await projectWith(dialect, {
      'models/a.yaml':
        'table: a\nfields:\n  id: { type: integer, primary: true, auto_increment: false, default: { sql: "nope(" } }\n',
    });
    const error: unknown = await diff(project.config, 'database', 'models').catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AludelError);
    expect(error).toMatchObject({ code: 'schema.unreadable', where: 'models/a.yaml:1' });
  });
});

test('a directory with both models and SQL is refused', async () => {
  const project = await liveProject('sqlite', {});
  write(project, 'both/a.yaml', models['models/user.yaml']);
  write(project, 'both/b.sql', 'CREATE TABLE b (id INTEGER);');

  await expect(diff(project.config, 'database', 'both')).rejects.toThrow(
    'it has models (both/a.yaml) and SQL (both/b.sql)',
  );
});

const numbered: Readonly<Record<DialectName, string>> = {
  sqlite: 'integer NOT NULL PRIMARY KEY',
  postgresql: 'serial PRIMARY KEY',
  mysql: 'int AUTO_INCREMENT PRIMARY KEY',
};

/** A column of the type that docs/models.md names for the dialect. */
function columnOf(type: string, dialect: DialectName): string {
  const page = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\``));
  const cell = row?.split('|')[{ sqlite: 2, postgresql: 3, mysql: 4 }[dialect]] ?? '';
  const written = (/`([^`]+)`/.exec(cell)?.[1] ?? '').replace('(p, s)', '(10, 2)');
  return `a_${type} ${written.replace('column', `a_${type}`).replace("'…'", "'x'")}`;
}

function differences({
  changes,
}: {
  readonly changes: readonly { readonly kind: string; readonly object: string }[];
}): readonly string[] {
  return changes.map(({ kind, object }) => `${kind} ${object}`);
}

async function projectWith(dialect: DialectName, files: Readonly<Record<string, string>>): Promise<LiveProject> {
  const project = await liveProject(dialect, {});
  for (const [name, text] of Object.entries(files)) write(project, name, text);
  return project;
}

function write({ directory }: LiveProject, name: string, text: string): void {
  mkdirSync(join(directory, name, '..'), { recursive: true });
  writeFileSync(join(directory, name), text);
}
