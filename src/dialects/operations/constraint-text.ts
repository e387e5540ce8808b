import type { NamedConstraint } from '../../operations/constraint.ts';
import { assertNever } from '../../support/assert-never.ts';
import { nameList, words, type TextRules } from './render-parts.ts';

/**
 * A table constraint as standard SQL has it, `CONSTRAINT name …`, with every option that is set. What a dialect lacks it
 * refuses before.
 */
export function constraintText(constraint: NamedConstraint, rules: TextRules): string {
  const body = constraintBody(constraint, rules);
  return constraint.name === null ? body : `CONSTRAINT ${rules.quoteIdentifier(constraint.name)} ${body}`;
}

function constraintBody(constraint: NamedConstraint, rules: TextRules): string {
  switch (constraint.kind) {
    case 'primaryKey':
      return `PRIMARY KEY ${nameList(constraint.columns, rules)}${deferral(constraint)}`;
    case 'unique': {
      const nulls = constraint.nullsNotDistinct === true ? 'NULLS NOT DISTINCT ' : '';
      return `UNIQUE ${nulls}${nameList(constraint.columns, rules)}${deferral(constraint)}`;
    }
    case 'foreignKey': {
      const { references, onDelete, onUpdate } = constraint;
      const target = rules.quoteTable({ schema: references.schema ?? null, name: references.table });
      return (
        `FOREIGN KEY ${nameList(constraint.columns, rules)} REFERENCES ${target}` +
        (references.columns === undefined ? '' : ` ${nameList(references.columns, rules)}`) +
        (onDelete === undefined ? '' : ` ON DELETE ${words(onDelete, 'action')}`) +
        (onUpdate === undefined ? '' : ` ON UPDATE ${words(onUpdate, 'action')}`) +
        deferral(constraint) +
        notValid(constraint)
      );
    }
    case 'check':
      return `CHECK (${constraint.expression})${notValid(constraint)}`;
    case 'exclusion': {
      const elements = constraint.elements.map((element) => {
        const what = 'column' in element ? rules.quoteIdentifier(element.column) : `(${element.expression})`;
        return `${what} WITH ${element.operator}`;
      });
      const where = constraint.where === undefined ? '' : ` WHERE (${constraint.where})`;
      return `EXCLUDE USING ${rules.quoteIdentifier(constraint.method)} (${elements.join(', ')})${where}${deferral(constraint)}`;
    }
    default:
      return assertNever(constraint);
  }
}

function deferral({ deferrable, initiallyDeferred }: { deferrable?: boolean; initiallyDeferred?: boolean }): string {
  if (initiallyDeferred === true) return ' DEFERRABLE INITIALLY DEFERRED';
  return deferrable === true ? ' DEFERRABLE' : '';
}

function notValid({ notValid = false }: { notValid?: boolean }): string {
  return notValid ? ' NOT VALID' : '';
}
