import { AludelError, messageOf } from '../../support/aludel-error.ts';
import type { Operation } from '../../operations/operation.ts';
import { compileTable } from '../compile-table.ts';
import type { Dialect, ErrorExplanation } from '../dialect.ts';
import { renderOperation, type TextRules } from '../render-operation.ts';
import type { Statement } from '../statement.ts';
import { changingOneRow, createJournalTable, createVersionTable } from './bookkeeping.ts';
import { catalogueState, leftoversOf } from './catalogue.ts';
import { connectMysql } from './driver.ts';
import { loadMysqlBuilder } from './knex-client.ts';
import { acquireMysqlLock } from './lock.ts';
import { significantText } from './normalise-sql.ts';
import { literal, quoteIdentifier, quoteTable } from './quote.ts';
import { splitStatements } from './split-statements.ts';
import { traitsOf } from './statement-kind.ts';

/** MySQL 8 and MariaDB 10.5 and later: every DDL statement commits by itself. */
export const mysql: Dialect = {
  name: 'mysql',
  transactionalDdl: false,
  beginStatement: 'START TRANSACTION',
  isMissing: () => false,
  connect: connectMysql,
  acquireLock: acquireMysqlLock,
  splitStatements,
  significantText,
  traitsOf,
  explainError,
  quoteIdentifier,
  quoteTable,
  literal,
  changingOneRow,
  createVersionTable,
  createJournalTable,
  catalogueState,
  leftoversOf,
  loadBuilder: loadMysqlBuilder,
  render: (operation, builder) => {
    const special = renderForMysql(operation);
    if (special !== null) return special;
    return operation.kind === 'createTable' || operation.kind === 'alterTable'
      ? compileTable(operation, builder, needsAnswer)
      : renderOperation(operation, textRules);
  },
};

const textRules: TextRules = {
  quoteIdentifier,
  quoteTable,
  placeholder: () => '?',
  // Not a limit of the server, which takes 65,535, but of sense: max_allowed_packet may be as little as 16 MiB.
  maxBindings: 10_000,
};

/** MySQL finds an index only through its table, renames tables by a statement of their own, and has no partial index. */
function renderForMysql(operation: Operation): readonly Statement[] | null {
  switch (operation.kind) {
    case 'dropIndex': {
      if (operation.table === null) {
        throw new AludelError('migration.failed', `MySQL needs to know the table of the index "${operation.name}".`, {
          hint: `Write op.dropIndex('${operation.name}', { table: '…' }).`,
        });
      }
      const table = quoteTable({ schema: operation.schema, name: operation.table });
      const guard = operation.ifExists ? 'IF EXISTS ' : '';
      return [{ sql: `DROP INDEX ${guard}${quoteIdentifier(operation.name)} ON ${table}`, bindings: [] }];
    }
    case 'renameTable': {
      const from = quoteTable({ schema: operation.schema, name: operation.from });
      const to = quoteTable({ schema: operation.schema, name: operation.to });
      return [{ sql: `RENAME TABLE ${from} TO ${to}`, bindings: [] }];
    }
    case 'createIndex':
      if (operation.where === null) return null;
      throw new AludelError('migration.failed', 'MySQL and MariaDB have no partial indexes.', {
        hint: 'Leave out "where", or index a generated column that is NULL where the condition is false.',
      });
    default:
      return null;
  }
}

function explainError(error: unknown, sql: string): ErrorExplanation {
  const code = (error as { code?: unknown } | null)?.code;
  const message = messageOf(error);
  const near = /right syntax to use near '([\s\S]*)' at line \d+$/.exec(message)?.[1];
  const found = near === undefined || near === '' ? -1 : sql.indexOf(near);
  return {
    message,
    code: typeof code === 'string' ? code : null,
    offset: found >= 0 ? found : null,
    kind: kindOf(code),
  };
}

function kindOf(code: unknown): ErrorExplanation['kind'] {
  switch (code) {
    case 'ER_NO_SUCH_TABLE':
      return 'missing-table';
    case 'ER_LOCK_WAIT_TIMEOUT':
      return 'busy';
    case 'ER_OPTION_PREVENTS_STATEMENT':
      return 'read-only';
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ER_SERVER_SHUTDOWN':
      return 'connection-lost';
    default:
      return 'other';
  }
}

function needsAnswer(): AludelError {
  return new AludelError('migration.failed', 'knex can compile this change only by asking the database first.', {
    hint: 'Write it with op.execute.',
  });
}
