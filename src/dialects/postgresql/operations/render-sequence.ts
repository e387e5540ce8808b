import type { OperationOf } from '../../../operations/operation.ts';
import type { SequenceOptions } from '../../../operations/sequences.ts';
import { statement } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export function createSequence(operation: OperationOf<'createSequence'>): Statement {
  const { start, type, ifNotExists = false } = operation;
  return statement(
    'CREATE SEQUENCE',
    ifNotExists && 'IF NOT EXISTS',
    quoteTable(operation),
    type !== undefined && `AS ${type}`,
    optionsText(operation, operation.schema),
    start !== undefined && `START WITH ${literal(start)}`,
  );
}

export function alterSequence(operation: OperationOf<'alterSequence'>): Statement {
  const { restart } = operation;
  return statement(
    'ALTER SEQUENCE',
    quoteTable(operation),
    optionsText(operation, operation.schema),
    restart !== undefined && `RESTART WITH ${literal(restart)}`,
  );
}

function optionsText({ increment, min, max, cache, cycle, ownedBy }: SequenceOptions, schema: string | null): string {
  return statement(
    increment !== undefined && `INCREMENT BY ${literal(increment)}`,
    min !== undefined && (min === null ? 'NO MINVALUE' : `MINVALUE ${literal(min)}`),
    max !== undefined && (max === null ? 'NO MAXVALUE' : `MAXVALUE ${literal(max)}`),
    cache !== undefined && `CACHE ${literal(cache)}`,
    cycle !== undefined && (cycle ? 'CYCLE' : 'NO CYCLE'),
    ownedBy !== undefined && `OWNED BY ${ownerText(ownedBy, schema)}`,
  ).sql;
}

/** A sequence and the table that owns it are in one schema (PostgreSQL manual, CREATE SEQUENCE). */
function ownerText(owner: NonNullable<SequenceOptions['ownedBy']> | null, schema: string | null): string {
  if (owner === null) return 'NONE';
  return `${quoteTable({ schema, name: owner.table })}.${quoteIdentifier(owner.column)}`;
}
