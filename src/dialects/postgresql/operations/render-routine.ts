import type { OperationOf } from '../../../operations/operation.ts';
import type { CreateRoutine, CreateTrigger, DropRoutine } from '../../../operations/routines.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import { eventsText, routineText, triggerText } from '../../operations/routine-text.ts';
import type { Statement } from '../../statement.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

export function createRoutine(operation: CreateRoutine): Statement {
  return statement('CREATE', operation.orReplace && 'OR REPLACE', routineText(operation, textRules));
}

/** Without parameters the name alone must tell which routine is meant. */
export function dropRoutine(operation: DropRoutine): Statement {
  const { kind, parameters, ifExists = false, cascade = false } = operation;
  return statement(
    kind === 'dropFunction' ? 'DROP FUNCTION' : 'DROP PROCEDURE',
    ifExists && 'IF EXISTS',
    `${quoteTable(operation)}${parameters === undefined ? '' : `(${parameters})`}`,
    cascade && 'CASCADE',
  );
}

/** OR REPLACE is new in 14; dropping and creating in one transaction is the same. */
export function createTrigger(operation: CreateTrigger): readonly Statement[] {
  const { name, table, schema, events, orReplace = false } = operation;
  const text = triggerText(operation, quoteIdentifier(name), eventsText(events, textRules), textRules);
  const dropped = dropTrigger({ kind: 'dropTrigger', name, table, schema, ifExists: true });
  return [...(orReplace ? [dropped] : []), statement('CREATE', text)];
}

export function dropTrigger(operation: OperationOf<'dropTrigger'>): Statement {
  const { name, table, schema, ifExists = false } = operation;
  if (table === undefined) {
    throw cannot(
      `PostgreSQL needs to know the table of the trigger "${name}".`,
      "Write op.dropTrigger('…', { table: '…' }).",
    );
  }
  const on = quoteTable({ schema, name: table });
  return statement('DROP TRIGGER', ifExists && 'IF EXISTS', quoteIdentifier(name), 'ON', on);
}
