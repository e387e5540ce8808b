import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DialectName } from '../../src/dialects/connection.ts';
import { offlineConfig, scriptText } from './twins.ts';

/** The project of docs/offline.md. */
const files = {
  'a1_users.sql': `-- revision: a1
-- down_revision: null
-- branch_labels: null
-- depends_on: null
-- message: create users

-- migrate:up
CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL);
INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'Bob');

-- migrate:down
DROP TABLE users;
`,
  'b2_active.sql': `-- revision: b2
-- down_revision: a1
-- branch_labels: null
-- depends_on: null
-- message: mark the active users

-- migrate:up
ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
UPDATE users SET active = 1 WHERE name = 'Ada';

-- migrate:down
ALTER TABLE users DROP COLUMN active;
`,
};

/** What is said of a piece of a script. A piece ends at an empty line; the first note whose text is in it is taken. */
interface Note {
  readonly holds: string;
  readonly note: string;
}

const head: Note = {
  holds: 'What follows has the SHA-256',
  note: 'The head says what the script is, how it is run and where it may begin. The checksum is of everything below the head.',
};
const first: Note = {
  holds: '-- upgrade a1:',
  note: 'Then comes a section for each revision: what the revision does, the version row, and a row in the journal, which `aludel log` and `aludel verify` read.',
};

const notes: Readonly<Record<DialectName, readonly Note[]>> = {
  sqlite: [
    head,
    {
      holds: '.timeout 0',
      note: 'The shell ends at the first error, and so does psql, should it be given this script.',
    },
    {
      holds: 'Takes the migration lock',
      note: 'The lock is the write lock on a second file beside the database, the one that a live run takes too. "database is locked" here means that another migration is running.',
    },
    {
      holds: 'Stops unless this is the place to begin',
      note: 'A trigger is the only thing in SQLite that can stop with a text of its own. Each row put into `aludel_stop` fires one; the transaction is then rolled back, so nothing stays. The tables of the tool are made in the same transaction.',
    },
    { ...first, note: `${first.note} All of it is one transaction.` },
    {
      holds: '-- upgrade b2:',
      note: 'From the second revision on the version row is updated. Should it have changed meanwhile, `changes()` is 0, the SELECT fails, and the section is rolled back.',
    },
    { holds: 'DETACH', note: 'At the end the lock is given back.' },
  ],
  postgresql: [
    head,
    {
      holds: 'ON_ERROR_STOP',
      note: 'psql ends with status 3 at the first error. To sqlite3, should it be given this script, the first comment ends in its line: it stops there.',
    },
    {
      holds: 'Takes the migration lock',
      note: 'The lock is the advisory lock that a live run takes. The block raises an error, and has changed nothing, when another migration holds it, when the version table holds other revisions than the script starts from, or when a revision is half done.',
    },
    {
      holds: 'CREATE TABLE IF NOT EXISTS "aludel_version"',
      note: 'The tables of the tool are made unless they are there.',
    },
    { ...first, note: `${first.note} All of it is one transaction.` },
    {
      holds: '-- upgrade b2:',
      note: 'From the second revision on the version row is updated. Should it have changed meanwhile, the division by zero fails, and the section is rolled back.',
    },
    { holds: 'pg_advisory_unlock', note: 'At the end the lock is given back.' },
  ],
  mysql: [
    head,
    { holds: 'SET NAMES', note: 'The session is set up as that of a live run: routines and views keep some of it.' },
    {
      holds: 'Takes the migration lock',
      note: "The lock is the one that a live run takes. Outside of a routine neither server can raise an error of its own, so the reason is gathered in a variable and becomes the name of a column that is not there: the client shows it as `Unknown column 'aludel stopped, …'`. Until all is well the session can only read.",
    },
    {
      holds: 'CREATE TABLE IF NOT EXISTS `aludel_version`',
      note: 'The tables of the tool are made unless they are there.',
    },
    {
      ...first,
      note: `${first.note} A statement that commits by itself, such as CREATE TABLE, stands between an \`intent\` and a \`done\` row; any other is in one transaction with its \`done\` row. So it is known how far a script came that failed half-way.`,
    },
    {
      holds: '-- upgrade b2:',
      note: 'From the second revision on the version row is updated. Should it have changed meanwhile, the SELECT behind it fails, and nothing is recorded.',
    },
    { holds: 'RELEASE_LOCK', note: 'At the end the lock is given back.' },
  ],
};

const titles: Readonly<Record<DialectName, string>> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mysql: 'MariaDB and MySQL',
};

/** The page docs/offline-scripts.md: the whole script of a small project for each database, with a note on each piece. */
export async function annotatedScripts(): Promise<string> {
  const sections: string[] = [];
  for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const) {
    sections.push(`## ${titles[dialect]}`, ...annotated(await scriptOf(dialect), notes[dialect]));
  }
  return `${[
    '# Scripts, piece by piece',
    'What `aludel upgrade base:b2 --sql` writes for the two revisions of [For DBAs](offline.md), whole and in order, for each database.',
    ...sections,
  ].join('\n\n')}\n`;
}

function annotated(script: string, known: readonly Note[]): readonly string[] {
  return script
    .trimEnd()
    .split('\n\n')
    .flatMap((piece) => {
      const found = known.find(({ holds }) => piece.includes(holds));
      return [...(found === undefined ? [] : [found.note]), `\`\`\`sql\n${piece}\n\`\`\``];
    });
}

async function scriptOf(dialect: DialectName): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-annotated-'));
  try {
    mkdirSync(join(directory, 'versions'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, 'versions', name), text);
    return await scriptText(offlineConfig(directory, dialect), { command: 'upgrade', range: 'base:b2' });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The revisions, to be compared with those in docs/offline.md. */
export const revisionTexts: readonly string[] = Object.entries(files).map(
  ([name, text]) => `-- file: versions/${name}\n${text}`,
);
