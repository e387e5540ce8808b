import type { DialectName } from '../../src/dialects/connection.ts';
import type { BackfillOptions } from '../../src/operations/backfill.ts';
import type { ColumnChanges } from '../../src/operations/table-change.ts';
import type { CommentTarget } from '../../src/operations/comments.ts';
import type { Check, Constraint, Exclusion, ForeignKey, PrimaryKey, Unique } from '../../src/operations/constraint.ts';
import type { IndexPart } from '../../src/operations/indexes.ts';
import type { Inspect } from '../../src/operations/inspect.ts';
import type { Operations } from '../../src/operations/operations.ts';

/** Why an option may change nothing on a database: it says how something is done, or what is so anyway. No other may. */
export const reasons = {
  alwaysInPlace: 'Every table is altered in place.',
  waitsForNobody: 'There is no other way: SQLite has one writer at a time, InnoDB keeps nobody out for it.',
  nameTells: 'The name alone tells which one is meant.',
  dropsContents: 'What is in a schema always goes with it.',
  takesNumbers: 'A row may always bring its own number, and the numbering goes on behind it.',
} as const;
export type Reason = keyof typeof reasons;

/** How a question put to the server itself, in its own catalogue, is answered before the call and after it; `plainly` when the option changes nothing there. */
export type Answer =
  /** No row before, rows after. */
  | { readonly kind: 'appears'; readonly sql: string; readonly plainly?: Reason }
  /** Rows before, none after. */
  | { readonly kind: 'goes'; readonly sql: string; readonly plainly?: Reason }
  /** Rows before and after: there was nothing to do. */
  | { readonly kind: 'stays'; readonly sql: string }
  /** The call itself answers what the server answers, and something else before `before`. */
  | { readonly kind: 'tells'; readonly sql: string }
  /** The call answers this. */
  | { readonly kind: 'says'; readonly value: unknown }
  /** The call is refused before any statement runs, with this as what to do instead. */
  | { readonly kind: 'refused'; readonly instead: string };

export type Answers = Readonly<Record<DialectName, Answer>>;
export type Questions = Readonly<Record<DialectName, string>>;

type Step = (op: Operations) => Promise<unknown>;

/** One call on every dialect. The tables `people` and `teams` of {@link prepare} are there before it. */
export interface Case {
  /** What must be there; it does not run where the call is refused. */
  readonly before?: Step;
  readonly call: Step;
  /** Takes away what emptying the database leaves. */
  readonly after?: Step;
  /** It needs a run around it: the call is then a revision of its own. */
  readonly inRun?: boolean;
  readonly on: Answers;
}

type Last<T extends readonly unknown[]> = T extends readonly [...unknown[], infer L] ? L : never;
type OptionsOf<K extends keyof Operations> = Operations[K] extends (...args: infer A) => unknown
  ? Last<Required<A>>
  : never;
type KeysOf<T> = T extends unknown ? keyof T : never;

/** What decides beside the options whether a database can do it. */
interface Beside {
  batchAlterTable: 'recreate never';
  alterColumn: keyof ColumnChanges | 'collation null';
  addConstraint:
    | Constraint['kind']
    | Exclude<KeysOf<PrimaryKey | Unique | ForeignKey | Check>, 'kind' | 'columns' | 'references' | 'expression'>
    | `exclusion ${keyof Pick<Exclusion, 'where'>}`
    | 'set default';
  renameConstraint: 'check';
  createIndex: Exclude<KeysOf<IndexPart>, 'column'>;
  grant: 'columns';
  setComment: CommentTarget['kind'];
}

/** What a call cannot do without, what every operation on a table takes alike, and the pace of a backfill. */
interface Plain {
  createTrigger: 'body';
  backfill: Exclude<keyof BackfillOptions, 'where' | 'key'>;
  // Their last parameter is not one of options.
  execute: string;
  knex: string;
  autocommit: string;
  setComment: string;
  revoke: string;
}

type RowName<K extends keyof Operations> = K extends 'inspect'
  ? keyof Inspect
  : | Exclude<KeysOf<OptionsOf<K>> & string, 'schema' | (K extends keyof Plain ? Plain[K] : never)>
    | (K extends keyof Beside ? Beside[K] : never);

/** The rows of an operation: what it does at its plainest, and one for everything that it takes. */
export type Rows<K extends keyof Operations> = Readonly<Record<RowName<K>, Case>> &
  (K extends 'inspect' | 'setComment' ? unknown : { readonly plain: Case });

/** All rows of some operations. An option that is new and has no row does not compile. */
export type Kit<K extends keyof Operations> = { readonly [O in K]: Rows<O> };

/** What every case begins with. */
export async function prepare(op: Operations): Promise<void> {
  await op.createTable('teams', (t) => t.integer('id').notNullable().primary());
  await op.createTable('people', (t) => {
    t.integer('id').notNullable();
    t.string('name', 50).notNullable().defaultTo('nobody');
    t.integer('age');
  });
  await op.bulkInsert('people', [{ id: 1, name: 'Ada', age: 36 }]);
}

function every(kind: 'appears' | 'goes' | 'stays' | 'tells', questions: Questions): Answers {
  return {
    sqlite: { kind, sql: questions.sqlite },
    postgresql: { kind, sql: questions.postgresql },
    mysql: { kind, sql: questions.mysql },
  };
}

export const appears = (questions: Questions): Answers => every('appears', questions);
export const goes = (questions: Questions): Answers => every('goes', questions);
export const stays = (questions: Questions): Answers => every('stays', questions);
export const tells = (questions: Questions): Answers => every('tells', questions);
export const says = (value: unknown): Answer => ({ kind: 'says', value });
export const refused = (instead: string): Answer => ({ kind: 'refused', instead });

/** The same, but on these dialects the option changes nothing, for this reason. */
export function plainlyOn(dialects: readonly DialectName[], plainly: Reason, answers: Answers): Answers {
  const changed = dialects.map((dialect) => [dialect, { ...answers[dialect], plainly }]);
  return { ...answers, ...(Object.fromEntries(changed) as Partial<Answers>) };
}

/** What only PostgreSQL does: `answer` there, and what to do instead elsewhere. */
export function onlyPostgresql(answer: Answer, instead: { readonly sqlite: string; readonly mysql: string }): Answers {
  return { sqlite: refused(instead.sqlite), postgresql: answer, mysql: refused(instead.mysql) };
}
