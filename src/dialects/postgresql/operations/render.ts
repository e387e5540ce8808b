import type { Operation } from '../../../operations/operation.ts';
import { assertNever } from '../../../support/assert-never.ts';
import { compileTable, needsAnswer } from '../../operations/compile-table.ts';
import { statement } from '../../operations/render-parts.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { createTableAs, drop } from '../../operations/table-text.ts';
import { bulkInsert } from './bulk-insert.ts';
import { changeTable } from './change-table.ts';
import { unlessThere } from './do-block.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { createPolicy, dropPolicy, grant, setRowSecurity } from './render-access.ts';
import { setComment } from './render-comment.ts';
import { addEnumValue, replaceEnumValues } from './render-enum.ts';
import { createIndex, dropIndex } from './render-index.ts';
import { createRoutine, createTrigger, dropRoutine, dropTrigger } from './render-routine.ts';
import { alterSequence, createSequence } from './render-sequence.ts';
import { createMaterializedView, createView, refreshMaterializedView } from './render-view.ts';
import { literal } from '../literal.ts';
import { textRules } from './text-rules.ts';

/** The statements of a structured operation on PostgreSQL. */
export async function render(operation: Operation, port: RenderPort): Promise<readonly Statement[]> {
  switch (operation.kind) {
    case 'createTable':
    case 'alterTable':
      return compileTable(operation, port.builder, needsAnswer);
    case 'createTableAs':
      return [createTableAs(operation, textRules)];
    case 'dropTable':
      return [drop('TABLE', { ...operation, name: operation.table }, textRules)];
    case 'renameTable': {
      const table = quoteTable({ schema: operation.schema, name: operation.from });
      return [statement('ALTER TABLE', table, 'RENAME TO', quoteIdentifier(operation.to))];
    }
    case 'changeTable':
      return await changeTable(operation, port);
    case 'validateConstraint': {
      const table = quoteTable({ schema: operation.schema, name: operation.table });
      return [statement('ALTER TABLE', table, 'VALIDATE CONSTRAINT', quoteIdentifier(operation.name))];
    }
    case 'createIndex':
      return [createIndex(operation)];
    case 'dropIndex':
      return [dropIndex(operation)];
    case 'renameIndex': {
      const index = quoteTable({ schema: operation.schema, name: operation.from });
      return [statement('ALTER INDEX', index, 'RENAME TO', quoteIdentifier(operation.to))];
    }
    case 'createView':
      return await createView(operation);
    case 'createMaterializedView':
      return [createMaterializedView(operation)];
    case 'refreshMaterializedView':
      return [refreshMaterializedView(operation)];
    case 'dropView':
      return [drop('VIEW', { ...operation, name: operation.view }, textRules)];
    case 'dropMaterializedView':
      return [drop('MATERIALIZED VIEW', { ...operation, name: operation.view }, textRules)];
    case 'createEnum': {
      const { name, schema, values, ifNotExists = false } = operation;
      const labels = `(${values.map(literal).join(', ')})`;
      const create = statement('CREATE TYPE', quoteTable({ schema, name }), 'AS ENUM', labels);
      if (!ifNotExists) return [create];
      return [await unlessThere((inspect) => inspect.hasEnum(name, schema === null ? {} : { schema }), [create])];
    }
    case 'addEnumValue':
      return [addEnumValue(operation)];
    case 'renameEnumValue': {
      const type = quoteTable(operation);
      return [statement('ALTER TYPE', type, 'RENAME VALUE', literal(operation.from), 'TO', literal(operation.to))];
    }
    case 'replaceEnumValues':
      return await replaceEnumValues(operation, port.ask);
    case 'dropEnum':
      return [drop('TYPE', operation, textRules)];
    case 'createSequence':
      return [createSequence(operation)];
    case 'alterSequence':
      return [alterSequence(operation)];
    case 'dropSequence':
      return [drop('SEQUENCE', operation, textRules)];
    case 'createSchema': {
      const { name, ifNotExists = false, owner } = operation;
      const authorization = owner === undefined ? '' : `AUTHORIZATION ${quoteIdentifier(owner)}`;
      return [statement('CREATE SCHEMA', ifNotExists && 'IF NOT EXISTS', quoteIdentifier(name), authorization)];
    }
    case 'dropSchema':
      return [drop('SCHEMA', { ...operation, schema: null }, textRules)];
    case 'createExtension': {
      const { name, ifNotExists = false, schema, version } = operation;
      return [
        statement(
          'CREATE EXTENSION',
          ifNotExists && 'IF NOT EXISTS',
          quoteIdentifier(name),
          schema !== undefined && `SCHEMA ${quoteIdentifier(schema)}`,
          version !== undefined && `VERSION ${literal(version)}`,
        ),
      ];
    }
    case 'dropExtension':
      return [drop('EXTENSION', { ...operation, schema: null }, textRules)];
    case 'createFunction':
    case 'createProcedure':
      return [createRoutine(operation)];
    case 'dropFunction':
    case 'dropProcedure':
      return [dropRoutine(operation)];
    case 'createTrigger':
      return createTrigger(operation);
    case 'dropTrigger':
      return [dropTrigger(operation)];
    case 'createPolicy':
      return createPolicy(operation);
    case 'dropPolicy':
      return [dropPolicy(operation)];
    case 'setRowSecurity':
      return [setRowSecurity(operation)];
    case 'grant':
    case 'revoke':
      return [grant(operation)];
    case 'setComment':
      return [setComment(operation)];
    case 'bulkInsert':
      return await bulkInsert(operation, port);
    default:
      return assertNever(operation);
  }
}
