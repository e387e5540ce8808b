import type { CreateRoutine, CreateTrigger } from '../../operations/routines.ts';
import { words, type TextRules } from './render-parts.ts';

/** `CREATE FUNCTION name(parameters) definition`, or PROCEDURE. */
export function routineText(
  { kind, name, schema, parameters = '', definition }: CreateRoutine,
  rules: TextRules,
): string {
  const head = kind === 'createFunction' ? 'FUNCTION' : 'PROCEDURE';
  return `${head} ${rules.quoteTable({ schema, name })}(${parameters}) ${definition}`;
}

/** `TRIGGER name timing events ON table FOR EACH ROW [WHEN (…)] body`. */
export function triggerText(operation: CreateTrigger, name: string, events: string, rules: TextRules): string {
  const { timing, table, schema, forEach = 'row', when, body } = operation;
  const condition = when === undefined ? '' : ` WHEN (${when})`;
  return (
    `TRIGGER ${name} ${words(timing, 'timing of a trigger')} ${events} ON ${rules.quoteTable({ schema, name: table })} ` +
    `FOR EACH ${words(forEach, 'part of a statement')}${condition} ${body}`
  );
}

/** `INSERT`, `UPDATE OF "a", "b"`, joined by OR. */
export function eventsText(events: readonly string[], rules: TextRules): string {
  return events
    .map((event) => {
      const columns = /^update\s+of\s+(.+)$/is.exec(event)?.[1];
      if (columns === undefined) return words(event, 'event of a trigger');
      return `UPDATE OF ${columns
        .split(',')
        .map((column) => rules.quoteIdentifier(column.trim()))
        .join(', ')}`;
    })
    .join(' OR ');
}
