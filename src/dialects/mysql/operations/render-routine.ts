import type { CreateRoutine, CreateTrigger, DropRoutine } from '../../../operations/routines.ts';
import { cannot, statement, words } from '../../operations/render-parts.ts';
import { routineText, triggerText } from '../../operations/routine-text.ts';
import type { Statement } from '../../statement.ts';
import { quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

/** MySQL has no OR REPLACE for routines, MariaDB does: dropping first serves both. */
export function createRoutine(operation: CreateRoutine): readonly Statement[] {
  const { kind, name, schema, orReplace = false } = operation;
  const drop = kind === 'createFunction' ? 'dropFunction' : 'dropProcedure';
  return [
    ...(orReplace ? [dropRoutine({ kind: drop, name, schema, ifExists: true })] : []),
    statement('CREATE', routineText(operation, textRules)),
  ];
}

export function dropRoutine(operation: DropRoutine): Statement {
  const what = operation.kind === 'dropFunction' ? 'FUNCTION' : 'PROCEDURE';
  return statement('DROP', what, operation.ifExists && 'IF EXISTS', quoteTable(operation));
}

export function createTrigger(operation: CreateTrigger): readonly Statement[] {
  const { name, schema, timing, events, when, forEach, orReplace = false } = operation;
  if (events.length !== 1 || /^update\s+of\s/i.test(events[0] ?? '') || timing === 'instead of') {
    throw cannot(
      'A trigger of MySQL is for one event of a table, before or after it, whatever the columns.',
      'Create one trigger for each event.',
    );
  }
  if (when !== undefined) throw cannot('A trigger of MySQL has no WHEN.', 'Begin its body with IF … THEN.');
  if (forEach === 'statement') throw cannot('MySQL has no triggers for a whole statement.', 'Leave out "forEach".');
  const quoted = quoteTable({ schema, name });
  const event = words(events[0] ?? '', 'event of a trigger');
  return [
    ...(orReplace ? [statement('DROP TRIGGER IF EXISTS', quoted)] : []),
    statement('CREATE', triggerText(operation, quoted, event, textRules)),
  ];
}
