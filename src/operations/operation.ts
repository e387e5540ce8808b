import type { AccessOperation } from './access.ts';
import type { ColumnOperation } from './columns.ts';
import type { CommentOperation } from './comments.ts';
import type { DataOperation } from './data.ts';
import type { EnumOperation } from './enums.ts';
import type { IndexOperation } from './indexes.ts';
import type { RoutineOperation } from './routines.ts';
import type { SchemaOperation } from './schemas.ts';
import type { SequenceOperation } from './sequences.ts';
import type { TableOperation } from './tables.ts';
import type { ViewOperation } from './views.ts';

/**
 * What a revision asked for, as data: every structured operation becomes one of these, and the dialect renders it. The
 * schema of an object is a field of its own, never part of a name.
 */
export type Operation =
  | TableOperation
  | ColumnOperation
  | IndexOperation
  | ViewOperation
  | EnumOperation
  | SequenceOperation
  | SchemaOperation
  | RoutineOperation
  | AccessOperation
  | CommentOperation
  | DataOperation;

/** The operations of these kinds. */
export type OperationOf<K extends Operation['kind']> = Extract<Operation, { readonly kind: K }>;
