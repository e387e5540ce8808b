/**
 * Every error code with its exit code and one-line meaning. docs/errors.md is made from this table.
 *
 * Exit codes: 1 failed and rolled back; 2 wrong usage or configuration, nothing was touched; 3 the lock was not
 * obtained in time; 4 partly applied on a database that cannot roll back; 5 the answer is no; 6 refused by a guard.
 */
export const errorCatalog = {
  'usage.invalid': { exitCode: 2, meaning: 'The command line, or a call of the library, is not understood.' },
  'usage.syntax': { exitCode: 2, meaning: 'A revision target or range is not well formed, or not allowed here.' },

  'config.invalid': { exitCode: 2, meaning: 'A configuration value is missing, unknown or of the wrong type.' },
  'config.not-loadable': {
    exitCode: 2,
    meaning: 'There is no project here, or its configuration cannot be found, read or run.',
  },
  'config.unsupported-database': {
    exitCode: 2,
    meaning: 'The database URL names a dialect this version does not have.',
  },

  'history.broken': { exitCode: 2, meaning: 'The revision files do not form a graph; every defect is listed.' },
  'history.unreadable': { exitCode: 2, meaning: 'A version location or a revision file cannot be read.' },

  'target.unknown': { exitCode: 2, meaning: 'No revision or branch has this name.' },
  'target.ambiguous-name': { exitCode: 2, meaning: 'A partial id matches more than one revision.' },
  'target.multiple-heads': { exitCode: 2, meaning: '"head" was asked for and there are several heads.' },
  'target.ambiguous-walk': { exitCode: 2, meaning: 'Counting steps met a fork or a merge and the way is not clear.' },
  'target.ambiguous-current': {
    exitCode: 2,
    meaning: 'Counting steps from the database, which has several current revisions.',
  },
  'target.out-of-range': { exitCode: 2, meaning: 'A relative target leads past the end of the history.' },
  'target.not-related': { exitCode: 2, meaning: 'The target is not on the line it was asked on, or is not applied.' },
  'target.overlapping': { exitCode: 2, meaning: 'One requested revision is below another.' },

  'revision.not-a-head': {
    exitCode: 2,
    meaning: 'The parent of a new revision already has a child; --splice allows it.',
  },
  'revision.invalid': { exitCode: 2, meaning: 'The new revision would break the history; nothing was written.' },
  'revision.not-loadable': { exitCode: 2, meaning: 'A revision file that must run cannot be loaded; nothing was run.' },
  'revision.no-downgrade': { exitCode: 6, meaning: 'A revision on the way down has no downgrade; nothing was run.' },
  'revision.edited': {
    exitCode: 6,
    meaning: 'The file of an applied revision was edited or is missing, and the configuration says to refuse that.',
  },
  'file.exists': { exitCode: 2, meaning: 'A file that would be written exists already; it was left as it is.' },
  'file.not-writable': { exitCode: 2, meaning: 'A file or directory cannot be written.' },
  'output.failed': { exitCode: 1, meaning: 'What a command prints could not be written.' },

  'database.unreachable': { exitCode: 1, meaning: 'The database cannot be opened or reached.' },
  'database.failed': { exitCode: 1, meaning: 'The database refused a statement of the tool itself.' },
  'database.connection-lost': {
    exitCode: 4,
    meaning:
      'The connection was lost during the run; running the command again finds out what took effect and goes on.',
  },
  'database.unknown-revision': { exitCode: 6, meaning: 'The database holds a revision that no file has.' },
  'database.not-at-head': { exitCode: 5, meaning: 'The database is not at the heads of the history.' },
  'database.version-mismatch': { exitCode: 1, meaning: 'The version table changed while the run was under way.' },
  'database.read-only': {
    exitCode: 6,
    meaning: 'The database is a replica, or read-only; nothing was begun.',
  },
  'database.locked': { exitCode: 3, meaning: 'Another run holds the migration lock.' },

  'database.lock-lost': {
    exitCode: 1,
    meaning: 'Another run took the migration lock over, because this one had not renewed its lease in time.',
  },
  'database.pooler': { exitCode: 6, meaning: 'A connection pooler before the database cannot carry a migration.' },

  'migration.failed': { exitCode: 1, meaning: 'A revision failed and was rolled back.' },
  'migration.interrupted': {
    exitCode: 1,
    meaning: 'A signal, or the program, stopped the run; what was under way was rolled back.',
  },
  'migration.blocked': {
    exitCode: 1,
    meaning: 'A revision met a lock timeout, a deadlock or a serialisation failure in every try, and was rolled back.',
  },

  'migration.partial': {
    exitCode: 4,
    meaning: 'A revision stopped half-way where the database cannot roll back; running the command again resumes it.',
  },
  'migration.in-doubt': {
    exitCode: 4,
    meaning: 'A killed run may or may not have carried out one statement; the message asks which.',
  },
  'migration.half-done': {
    exitCode: 4,
    meaning: 'Another revision was left half-done and must be finished first.',
  },
  'migration.changed': {
    exitCode: 4,
    meaning: 'A half-done revision was edited before the point it had reached.',
  },

  'offline.needs-database': {
    exitCode: 2,
    meaning: 'A revision asks the database for something, and a script has none to ask; nothing was written.',
  },

  'sql.unterminated': { exitCode: 2, meaning: 'A string, comment or body in SQL text is opened and never closed.' },
  'sql.unsupported': { exitCode: 2, meaning: 'SQL text holds something only a command-line client can run.' },

  'schema.no-target': { exitCode: 2, meaning: 'The configuration says nothing of the schema that is wanted.' },
  'schema.not-proved': {
    exitCode: 1,
    meaning:
      'A generated revision did not lead to the wanted schema, or not back, on a scratch database; nothing was written.',
  },
  'schema.unreadable': {
    exitCode: 2,
    meaning: 'What a schema is to be made of cannot be read, or is refused by an empty database.',
  },
  'schema.cannot-change': {
    exitCode: 1,
    meaning: 'One schema cannot be made into the other without losing rows that both have.',
  },
  'schema.no-role': {
    exitCode: 1,
    meaning: 'A right could not be given on a scratch database, mostly since its role is not on that server.',
  },
  'schema.no-scratch': {
    exitCode: 1,
    meaning: 'A scratch database could not be made: its user may not, or there is no server.',
  },

  'test.invalid-file': {
    exitCode: 2,
    meaning: 'A test file cannot be loaded, says something that is not known, or is of no revision; nothing was run.',
  },

  'editor.failed': { exitCode: 1, meaning: 'The editor could not be started or ended with an error.' },
} as const satisfies Record<string, { exitCode: 1 | 2 | 3 | 4 | 5 | 6; meaning: string }>;

export type ErrorCode = keyof typeof errorCatalog;
