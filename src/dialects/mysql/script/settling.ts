import type { Settling, SettlingPlace } from '../../script/offline-rules.ts';
import { inDoubt, isIntentLast } from '../../script/script-stops.ts';
import { literal } from '../literal.ts';
import { quoteTable } from '../quote.ts';
import { outcomeOf } from './outcome.ts';
import { namingError } from './script-checks.ts';
import { stateOf } from './table-state.ts';

/** The variable that says whether an idempotent script runs a statement. */
export function variableOf(number: number): string {
  return `@aludel_do_${number}`;
}

/**
 * A statement that was announced and of which nothing more was written took effect when its outcome is there and was not. It did not
 * when its table is as it was; another table may also be the work of somebody who removed what had made it fail. Where
 * nothing was noted, or nothing shows, nobody knows.
 */
export function settling(sql: string, place: SettlingPlace): Settling {
  const journal = quoteTable(place.journal);
  const variable = variableOf(place.statement);
  const wasLast = (condition: string): string => isIntentLast(journal, place, condition, literal);
  const question = namingError(inDoubt(place));
  const outcome = outcomeOf(sql);
  if (outcome !== null) {
    const noted = `JSON_UNQUOTE(JSON_EXTRACT(detail, '$.outcome'))`;
    return {
      before: [
        `SET @aludel_outcome = ${outcome}`,
        `SET ${variable} = ${variable} AND NOT (@aludel_outcome AND ${wasLast(`${noted} = '0'`)})`,
        `SET @aludel_doubt = @aludel_outcome AND ${wasLast(`${noted} IS NULL`)}`,
      ],
      question: { sql: question, when: '@aludel_doubt' },
      noted: "JSON_OBJECT('outcome', @aludel_outcome)",
    };
  }
  const state = stateOf(sql);
  if (state === null) {
    return {
      before: [`SET @aludel_doubt = ${wasLast('1 = 1')}`],
      question: { sql: question, when: '@aludel_doubt' },
      noted: null,
    };
  }
  const noted = `JSON_UNQUOTE(JSON_EXTRACT(detail, '$.state'))`;
  return {
    before: [
      `SET @aludel_state = ${state}`,
      `SET @aludel_doubt = ${wasLast(`COALESCE(${noted} <> @aludel_state, 1)`)}`,
    ],
    question: { sql: question, when: '@aludel_doubt' },
    noted: "JSON_OBJECT('state', @aludel_state)",
  };
}
