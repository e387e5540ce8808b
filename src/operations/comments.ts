import { fields, kinds, name, nullable, optional, text, type Rule } from './argument-rules.ts';
import type { Signatures } from './check-arguments.ts';

/** What a comment is about. MySQL has comments on tables and columns, SQLite none. */
export type CommentTarget =
  | { readonly kind: 'column'; readonly table: string; readonly name: string; readonly schema?: string }
  | {
      readonly kind: 'constraint' | 'trigger' | 'policy';
      readonly table: string;
      readonly name: string;
      readonly schema?: string;
    }
  | {
      readonly kind: 'table' | 'view' | 'materializedView' | 'index' | 'sequence' | 'type' | 'schema' | 'extension';
      readonly name: string;
      readonly schema?: string;
    };

export interface CommentOperation {
  readonly kind: 'setComment';
  readonly on: CommentTarget;
  readonly comment: string | null;
}

export interface CommentOperations {
  /** `op.setComment({ kind: 'table', name: 'users' }, 'People who sign in')`; null takes a comment away. */
  setComment(on: CommentTarget, comment: string | null): Promise<void>;
}

export function commentOperations(perform: (operation: CommentOperation) => Promise<void>): CommentOperations {
  return { setComment: (on, comment) => perform({ kind: 'setComment', on, comment }) };
}

const onTable = (kind: Rule): Rule =>
  fields<CommentTarget & { readonly table: string }>({ kind, table: name, name, schema: optional(name) });
const byItself = (kind: Rule): Rule => fields<Omit<CommentTarget, 'table'>>({ kind, name, schema: optional(name) });

export const commentSignatures: Signatures<CommentOperations> = {
  setComment: {
    on: kinds<CommentTarget['kind']>({
      column: onTable,
      constraint: onTable,
      trigger: onTable,
      policy: onTable,
      table: byItself,
      view: byItself,
      materializedView: byItself,
      index: byItself,
      sequence: byItself,
      type: byItself,
      schema: byItself,
      extension: byItself,
    }),
    comment: nullable(text),
  },
};
