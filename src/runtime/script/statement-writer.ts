import { unbatchedUpdate, wholeBackfill } from '../../dialects/backfill.ts';
import type { TableName } from '../../dialects/connection.ts';
import type { LimitScripts } from '../../dialects/limits.ts';
import type { ScriptPart } from '../../dialects/script/script-rules.ts';
import type { Statement, StatementTraits } from '../../dialects/statement.ts';
import type { PlanStep } from '../../planner/migration-plan.ts';
import { messageOf } from '../../support/aludel-error.ts';
import type { JournalEntry } from '../records/journal-entry.ts';
import { createNestedTransactions, savepointIn } from '../nested-transactions.ts';
import { answerNeedsDatabase, operationNeedsDatabase, queryNeedsDatabase } from './needs-database.ts';
import type { RevisionRunner, StatementOrigin } from '../revision-runner.ts';
import { createScriptParts, type PartsPorts } from './script-parts.ts';
import {
  cannotFindJournal,
  cannotLeaveDatabase,
  cannotLeaveTransaction,
  ddlInsideUnit,
  misplaced,
} from '../statement-errors.ts';
import { unbindable } from '../unbindable.ts';
import { unknownCount, unknownResult, unknownRows } from './unknown-answer.ts';

export interface WriterPorts extends PartsPorts {
  readonly step: PlanStep;
  /** The journal's table. */
  readonly journal: TableName;
  readonly hash: (text: string) => string;
  readonly redact: (text: string) => string;
  /** Of the statements of this revision. */
  readonly limits: LimitScripts;
  /** Whether a transaction may be ended and begun half-way: no when it spans the whole script. */
  readonly mayCommit: boolean;
  /** Whether a statement may be run again after it has failed. */
  readonly idempotent: boolean;
}

/** Something that a script cannot hold. */
export interface Refusal extends StatementOrigin {
  readonly error: unknown;
  /** What the error said; knex puts the statement with its values before it afterwards. */
  readonly message: string;
  readonly statement: string;
}

/**
 * Takes the statements of one revision as the live runner does and writes them down: inside the transaction, in a small
 * one together with a `done` row, or between an `intent` and a `done` row. They have the numbers and hashes that they
 * have live, so that a run can go on where a script stopped.
 */
export interface StatementWriter extends RevisionRunner {
  begin(): Promise<void>;
  /** Ends the transaction that is open. */
  commit(): Promise<void>;
  /** Writes a statement of ours inside the transaction that is open. */
  add(sql: string): void;
  comment(text: string): void;
  /** Whether the revision has set something for its session. */
  hasSetSession(): boolean;
  /** What was written since the last call. */
  take(): readonly ScriptPart[];
  /** The first thing that could not be written; a revision that catches the error does not make it go away. */
  refusal(): Refusal | null;
}

export function createStatementWriter(ports: WriterPorts, startsInside: boolean): StatementWriter {
  const { dialect, limits, scratch, step } = ports;
  const parts = createScriptParts(ports);
  let inside = startsInside;
  /** The statements of the transaction that is open: their numbers are known to an idempotent script if it is ended early. */
  let open: { readonly at: number; readonly number: number; readonly rowOf: () => JournalEntry }[] = [];
  /** Savepoint of `op.knex.transaction()` that opened a transaction where none was. */
  let unit: string | null = null;
  const nested = createNestedTransactions();
  let count = 0;
  let hasSetSession = false;
  /** What led the session away from the tables of ours, which are written without a schema; null when it finds them. */
  let away: { readonly sql: string; readonly origin: StatementOrigin } | null = null;
  let refusal: Refusal | null = null;

  const { add, comment, write } = parts;
  const addRow = (row: JournalEntry, number: number): void => {
    if (away !== null) throw refuse(cannotFindJournal(), away.sql, away.origin);
    parts.addRow(row, number);
  };
  const entryOf = (
    event: JournalEntry['event'],
    number: number,
    sql: string,
    traits: StatementTraits,
  ): JournalEntry => ({
    event,
    revision: step.revision.id,
    direction: step.direction,
    statement: number,
    sql,
    sqlHash: ports.hash(sql),
    ...(event === 'done' && traits.temporary ? { detail: { temporary: true } } : {}),
  });

  function refuse(error: unknown, sql: string, origin: StatementOrigin): unknown {
    refusal ??= { ...origin, error, message: messageOf(error), statement: ports.redact(sql) };
    return error;
  }

  function refuseToTell(sql: string, origin: StatementOrigin): () => never {
    return () => {
      throw refuse(answerNeedsDatabase(ports.redact(sql)), sql, origin);
    };
  }

  async function begin(): Promise<void> {
    for (const sql of [...limits.beforeBegin, dialect.beginStatement, ...limits.afterBegin]) await write(sql);
  }

  async function commit(): Promise<void> {
    await write('COMMIT');
    open = [];
  }

  /** Ends a transaction half-way: what is in it stays though the revision may fail, so each statement counts as done. */
  async function commitEarly(): Promise<void> {
    for (const sql of limits.lift) await write(sql);
    for (const { at, number, rowOf } of open) {
      parts.countAsDone(at, number);
      addRow(rowOf(), number);
    }
    await commit();
  }

  async function writeStatement(statement: Statement, hashed: string, origin: StatementOrigin): Promise<void> {
    const { sql } = statement;
    const traits = dialect.traitsOf(sql);
    if (traits.control === 'savepoint') {
      await writeSavepoint(sql);
      return;
    }
    const wrong = misplaced(traits, inside) ?? unbindable(statement);
    if (wrong !== null) throw refuse(wrong, sql, origin);
    if (traits.locksTables) {
      // Locked tables would shut the script out of the journal, as they would a live run.
      comment('LOCK TABLES and UNLOCK TABLES are left out: the journal must stay writable');
      return;
    }
    let text: string;
    try {
      text = dialect.inline(statement);
    } catch (error) {
      throw refuse(error, sql, origin);
    }
    if (traits.session || /\bset_config\s*\(/i.test(sql)) await keepSession(sql, origin);
    if (traits.session) {
      await write(text);
      return;
    }
    const number = ++count;
    if (inside) {
      if (unit !== null && traits.implicitCommit) throw refuse(ddlInsideUnit(), sql, origin);
      open.push({ at: parts.count(), number, rowOf: () => entryOf('done', number, hashed, traits) });
      await write(text);
    } else if (traits.outsideTransaction || traits.implicitCommit) {
      await writeAnnounced(text, number, traits.repeatable, (event) => entryOf(event, number, hashed, traits));
    } else {
      await writeRecorded(text, number, entryOf('done', number, hashed, traits));
    }
  }

  async function keepSession(sql: string, origin: StatementOrigin): Promise<void> {
    // The client knows no way back to a database whose name is known to nobody here.
    if (/^\s*USE\b/i.test(sql)) throw refuse(cannotLeaveDatabase(), sql, origin);
    if (!hasSetSession) for (const keeping of dialect.offline.keepSession) await write(keeping);
    hasSetSession = true;
    if (!/\bsearch_path\b/i.test(sql) || ports.journal.schema !== null) return;
    // Where nothing else is configured the journal is in public, and is found as long as the path leads there too.
    away = /^\s*RESET\b|\bpublic\b|\bDEFAULT\b/i.test(sql) ? null : { sql, origin };
  }

  async function writeAnnounced(
    text: string,
    number: number,
    isRepeatable: boolean,
    rowOf: (event: 'intent' | 'done') => JournalEntry,
  ): Promise<void> {
    const { offline } = dialect;
    const { direction, revision } = step;
    const place = { journal: ports.journal, revision: revision.id, direction, statement: number };
    const settling = ports.idempotent && !isRepeatable ? offline.settling(text, place) : null;
    if (settling !== null) {
      for (const sql of settling.before) add(sql);
      add(settling.question.sql, number, settling.question.when);
    }
    addRow({ ...rowOf('intent'), ...(settling?.noted == null ? {} : { detailSql: settling.noted }) }, number);
    if (ports.idempotent) for (const sql of offline.clearing(text)) add(sql, number);
    for (const sql of limits.set) await write(sql);
    await write(text, number);
    for (const sql of limits.lift) await write(sql);
    // The text is in the row before it.
    const { sql: _, ...done } = rowOf('done');
    addRow(done, number);
  }

  async function writeRecorded(text: string, number: number, row: JournalEntry): Promise<void> {
    await begin();
    await write(text, number);
    for (const sql of limits.lift) await write(sql);
    addRow(row, number);
    await commit();
  }

  /** knex nests transactions by savepoint. Where no transaction is open, the outermost one becomes a transaction. */
  async function writeSavepoint(sql: string): Promise<void> {
    const savepoint = savepointIn(sql);
    if (savepoint === null) {
      await write(sql);
      return;
    }
    const { verb, name } = savepoint;
    nested.note(savepoint);
    if (!inside && verb === 'SAVEPOINT') {
      await begin();
      inside = true;
      unit = name;
      return;
    }
    if (unit === null || unit !== name) {
      await write(sql);
      return;
    }
    if (verb === 'RELEASE') {
      await commitEarly();
    } else {
      open = [];
      await write('ROLLBACK');
    }
    inside = false;
    unit = null;
  }

  return {
    dialect,
    begin,
    commit,
    add: (sql) => add(sql),
    comment,
    async run(statement, origin) {
      await writeStatement(statement, statement.sql, origin);
      return unknownResult(refuseToTell(statement.sql, origin));
    },
    async execute(statement, origin) {
      await writeStatement(statement, statement.sql, origin);
      return unknownRows(refuseToTell(statement.sql, origin));
    },
    async ask(statement, about, origin) {
      if (about !== 'schema') throw refuse(queryNeedsDatabase(ports.redact(statement.sql)), statement.sql, origin);
      // Live it is a statement like any other, and has a number.
      if (!dialect.traitsOf(statement.sql).session) count++;
      const { instead, assume = null } = origin.unanswered ?? {};
      const answer = await scratch.ask(statement).catch((error: unknown) => {
        throw refuse(error, statement.sql, origin);
      });
      if (answer !== null) return answer;
      if (assume !== null) return { rows: assume, rowCount: assume.length, native: null };
      throw refuse(operationNeedsDatabase(ports.redact(statement.sql), instead), statement.sql, origin);
    },
    async backfill(wanted, origin) {
      const whole = wholeBackfill(wanted, dialect);
      comment('op.backfill: one statement here, batches in a live run');
      await writeStatement({ sql: unbatchedUpdate(wanted, dialect), bindings: [] }, whole, origin);
      return unknownCount(refuseToTell(whole, origin));
    },
    async leaveTransaction() {
      if (!inside) return;
      if (!ports.mayCommit) throw cannotLeaveTransaction();
      nested.refuseToCommit();
      await commitEarly();
      inside = false;
    },
    async enterTransaction() {
      if (inside || !startsInside) return;
      await begin();
      inside = true;
    },
    isInsideTransaction: () => inside,
    hasSetSession: () => hasSetSession,
    take: () => parts.take(),
    refusal: () => refusal,
  };
}
