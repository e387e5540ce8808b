import type { CreateTrigger } from '../../../operations/routines.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import { eventsText, triggerText } from '../../operations/routine-text.ts';
import type { Statement } from '../../statement.ts';
import { quoteTable } from '../quote.ts';
import { textRules } from './text-rules.ts';

/** An attached database is named before the trigger, never before the table. */
export function createTrigger(operation: CreateTrigger): readonly Statement[] {
  const { name, schema, events, forEach, orReplace = false } = operation;
  if (events.length !== 1) throw cannot('A trigger of SQLite is for one event.', 'Create one trigger for each event.');
  if (forEach === 'statement') throw cannot('SQLite has no triggers for a whole statement.', 'Leave out "forEach".');
  const quoted = quoteTable({ schema, name });
  return [
    ...(orReplace ? [statement('DROP TRIGGER IF EXISTS', quoted)] : []),
    statement('CREATE', triggerText({ ...operation, schema: null }, quoted, eventsText(events, textRules), textRules)),
  ];
}
