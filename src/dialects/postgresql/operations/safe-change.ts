import type { NamedConstraint } from '../../../operations/constraint.ts';
import type { ChangeTable } from '../../../operations/table-change.ts';
import { assertNever } from '../../../support/assert-never.ts';
import { constraintText } from '../../operations/constraint-text.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import type { Ask } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { inspector } from '../inspect.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { createIndex } from './render-index.ts';
import { textRules } from './text-rules.ts';

/**
 * Adding a constraint reads the whole table, and by itself does so under a lock. Done in steps, each committed:
 *
 * - foreign key and check: added NOT VALID, which is a moment, then validated, which lets everybody read and write;
 * - unique and primary key: an index is built concurrently, and the constraint takes it over.
 */
export async function safelyAdded(
  constraint: NamedConstraint,
  { table, schema }: ChangeTable,
  ask: Ask,
): Promise<readonly Statement[]> {
  const quoted = quoteTable({ schema, name: table });
  if (constraint.name === null) {
    throw cannot('What is added safely is named more than once.', 'Give the constraint a name, or leave out "safe".');
  }
  const name = quoteIdentifier(constraint.name);
  switch (constraint.kind) {
    case 'foreignKey':
    case 'check':
      return [
        alone('ALTER TABLE', quoted, 'ADD', constraintText({ ...constraint, notValid: true }, textRules)),
        ...(constraint.notValid === true ? [] : [alone('ALTER TABLE', quoted, 'VALIDATE CONSTRAINT', name)]),
      ];
    case 'unique':
    case 'primaryKey': {
      const { columns, deferrable = false, initiallyDeferred = false } = constraint;
      const nullable = constraint.kind === 'primaryKey' ? await nullableAmong(columns, { table, schema }, ask) : [];
      const index = createIndex({
        kind: 'createIndex',
        name: constraint.name,
        table,
        schema,
        columns,
        unique: true,
        concurrently: true,
        ...(constraint.kind === 'unique' ? { nullsNotDistinct: constraint.nullsNotDistinct ?? false } : {}),
      });
      return [
        index,
        ...nullable.flatMap((column) => safelyNotNull(quoted, column)),
        alone(
          'ALTER TABLE',
          quoted,
          `ADD CONSTRAINT ${name}`,
          constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY',
          `USING INDEX ${name}`,
          (deferrable || initiallyDeferred) && 'DEFERRABLE',
          initiallyDeferred && 'INITIALLY DEFERRED',
        ),
      ];
    }
    case 'exclusion':
      throw cannot('PostgreSQL has no way to add an exclusion constraint without a lock.', 'Leave out "safe".');
    default:
      return assertNever(constraint);
  }
}

async function nullableAmong(
  columns: readonly string[],
  { table, schema }: Pick<ChangeTable, 'table' | 'schema'>,
  ask: Ask,
): Promise<readonly string[]> {
  const inspect = inspector((sql, bindings) => ask(sql, bindings, { instead: 'Leave out "safe".' }));
  const present = await inspect.columns(table, schema === null ? {} : { schema });
  return present.filter((column) => column.nullable && columns.includes(column.name)).map(({ name }) => name);
}

/**
 * SET NOT NULL reads the whole table under a lock unless a valid check says the same (PostgreSQL 12, ALTER TABLE). The
 * check is dropped afterwards. `quoted` is the table.
 */
export function safelyNotNull(quoted: string, column: string): readonly Statement[] {
  const name = quoteIdentifier(column);
  const check = quoteIdentifier(checkName(column));
  return [
    alone('ALTER TABLE', quoted, `ADD CONSTRAINT ${check} CHECK (${name} IS NOT NULL) NOT VALID`),
    alone('ALTER TABLE', quoted, 'VALIDATE CONSTRAINT', check),
    alone('ALTER TABLE', quoted, `ALTER COLUMN ${name} SET NOT NULL`),
    alone('ALTER TABLE', quoted, 'DROP CONSTRAINT', check),
  ];
}

function checkName(column: string): string {
  const suffix = '_is_not_null';
  let start = column;
  while (Buffer.byteLength(start + suffix) > 63) start = Array.from(start).slice(0, -1).join('');
  return start + suffix;
}

function alone(...parts: readonly (string | false)[]): Statement {
  return { ...statement(...parts), alone: true };
}
