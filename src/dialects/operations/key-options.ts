import type { KeyOptions } from '../../operations/schema-builder.ts';

/** A call of knex's table builder that makes an index or a constraint, as knex keeps it. */
export interface KeyStatement {
  readonly method: string;
  args: readonly unknown[];
}

/** What the call says beside columns and name; null when it makes no index and no constraint. */
export function keyOptions({ method, args }: KeyStatement): KeyOptions | null {
  switch (method) {
    case 'primary':
    case 'unique': {
      const { deferrable, predicate, storageEngineIndexType: type } = fieldsOf(args[1]);
      return {
        kind: method,
        partial: predicate !== undefined,
        ...(isDeferrable(deferrable) ? { deferrable } : {}),
        ...(typeof type === 'string' ? { method: type } : {}),
      };
    }
    case 'index': {
      // A text is the one or the other, as the database has it.
      const { predicate, indexType: type, storageEngineIndexType: method } = fieldsOf(args[2]);
      return {
        kind: 'index',
        partial: predicate !== undefined,
        ...(typeof args[2] === 'string' ? { indexType: args[2], method: args[2] } : {}),
        ...(typeof type === 'string' ? { indexType: type } : {}),
        ...(typeof method === 'string' ? { method } : {}),
      };
    }
    case 'foreign': {
      const { deferrable, onDelete, onUpdate } = fieldsOf(args[0]);
      return {
        kind: 'foreign',
        partial: false,
        ...(isDeferrable(deferrable) ? { deferrable } : {}),
        ...(typeof onDelete === 'string' ? { onDelete } : {}),
        ...(typeof onUpdate === 'string' ? { onUpdate } : {}),
      };
    }
    default:
      return null;
  }
}

/** A name that knex was given among options, where all but its PostgreSQL takes a name only. */
export function withPlainName(statement: KeyStatement): void {
  const { constraintName } = fieldsOf(statement.args[1]);
  if (statement.method !== 'primary' || typeof constraintName !== 'string') return;
  statement.args = [statement.args[0], constraintName];
}

function isDeferrable(value: unknown): value is string {
  return typeof value === 'string' && value !== 'not deferrable';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
