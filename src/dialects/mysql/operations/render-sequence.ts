import type { OperationOf } from '../../../operations/operation.ts';
import type { SequenceOptions } from '../../../operations/sequences.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import type { Ask } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { literal } from '../literal.ts';
import { quoteTable } from '../quote.ts';
import { isMariaDb } from '../server.ts';

export async function createSequence(operation: OperationOf<'createSequence'>, ask: Ask): Promise<Statement> {
  await refuseOnMysql(ask);
  const { start, type, ifNotExists = false } = operation;
  if (type !== undefined) {
    throw cannot('A sequence of MariaDB has no type.', 'Leave out "type", and give "min" and "max".');
  }
  return statement(
    'CREATE SEQUENCE',
    ifNotExists && 'IF NOT EXISTS',
    quoteTable(operation),
    start !== undefined && `START WITH ${literal(start)}`,
    optionsText(operation),
  );
}

export async function alterSequence(operation: OperationOf<'alterSequence'>, ask: Ask): Promise<Statement> {
  await refuseOnMysql(ask);
  const { restart } = operation;
  return statement(
    'ALTER SEQUENCE',
    quoteTable(operation),
    restart !== undefined && `RESTART WITH ${literal(restart)}`,
    optionsText(operation),
  );
}

export async function dropSequence(operation: OperationOf<'dropSequence'>, ask: Ask): Promise<Statement> {
  await refuseOnMysql(ask);
  return statement('DROP SEQUENCE', operation.ifExists && 'IF EXISTS', quoteTable(operation));
}

function optionsText({ increment, min, max, cache, cycle, ownedBy }: SequenceOptions): string {
  if (ownedBy != null) throw cannot('A sequence of MariaDB belongs to no column.', 'Leave out "ownedBy".');
  return statement(
    increment !== undefined && `INCREMENT BY ${literal(increment)}`,
    min !== undefined && (min === null ? 'NO MINVALUE' : `MINVALUE ${literal(min)}`),
    max !== undefined && (max === null ? 'NO MAXVALUE' : `MAXVALUE ${literal(max)}`),
    cache !== undefined && `CACHE ${literal(cache)}`,
    cycle !== undefined && (cycle ? 'CYCLE' : 'NOCYCLE'),
  ).sql;
}

async function refuseOnMysql(ask: Ask): Promise<void> {
  if (await isMariaDb(ask)) return;
  throw cannot('MySQL has no sequences.', 'Number the rows with an auto-increment column.');
}
