import type { Operation } from '../../../operations/operation.ts';
import { assertNever } from '../../../support/assert-never.ts';
import { compileTable } from '../../operations/compile-table.ts';
import { insertRows } from '../../operations/insert-rows.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { createTableAs, drop, refuseCascade } from '../../operations/table-text.ts';
import { changeTable } from './change-table.ts';
import { rebuildRefused } from '../knex-client.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { createIndex, renameIndex } from './render-index.ts';
import { createTrigger } from './render-trigger.ts';
import { createView } from './render-view.ts';
import { textRules } from './text-rules.ts';

/** The statements of a structured operation on SQLite. */
export async function render(operation: Operation, port: RenderPort): Promise<readonly Statement[]> {
  switch (operation.kind) {
    case 'createTable':
    case 'alterTable':
      return compileTable(operation, port.builder, rebuildRefused);
    case 'createTableAs':
      return [createTableAs(operation, textRules)];
    case 'dropTable':
      refuseCascade('SQLite', operation);
      return [drop('TABLE', { ...operation, name: operation.table }, textRules)];
    case 'renameTable': {
      const table = quoteTable({ schema: operation.schema, name: operation.from });
      return [statement('ALTER TABLE', table, 'RENAME TO', quoteIdentifier(operation.to))];
    }
    case 'changeTable':
      return await changeTable(operation, port);
    case 'validateConstraint':
      throw cannot('SQLite has no constraints that are not valid yet.', 'There is nothing to validate: leave it out.');
    case 'createIndex':
      return [createIndex(operation)];
    case 'dropIndex':
      refuseCascade('SQLite', operation);
      return [drop('INDEX', operation, textRules)];
    case 'renameIndex':
      return await renameIndex(operation, port.ask);
    case 'createView':
      return createView(operation);
    case 'dropView':
      refuseCascade('SQLite', operation);
      return [drop('VIEW', { ...operation, name: operation.view }, textRules)];
    case 'createMaterializedView':
    case 'refreshMaterializedView':
    case 'dropMaterializedView':
      throw cannot('SQLite has no materialized views.', 'Keep a table and fill it: op.createTableAs.');
    case 'createEnum':
    case 'addEnumValue':
    case 'renameEnumValue':
    case 'replaceEnumValues':
    case 'dropEnum':
      throw cannot('SQLite has no enum types.', "Use a text with a check: t.enu('state', ['open', 'closed']).");
    case 'createSequence':
    case 'alterSequence':
    case 'dropSequence':
      throw cannot('SQLite has no sequences.', "Number the rows with t.increments('id').");
    case 'createSchema':
    case 'dropSchema':
      throw cannot('SQLite has no schemas.', 'Every file is one; another one is attached with ATTACH DATABASE.');
    case 'createExtension':
    case 'dropExtension':
      throw cannot(
        'SQLite has no extensions in the database.',
        "Ask first: if (op.context.dialect === 'postgresql') …",
      );
    case 'createFunction':
    case 'dropFunction':
    case 'createProcedure':
    case 'dropProcedure':
      throw cannot(
        'SQLite keeps no functions or procedures in the database.',
        'Put the work into a trigger or a view.',
      );
    case 'createTrigger':
      return createTrigger(operation);
    case 'dropTrigger':
      return [drop('TRIGGER', operation, textRules)];
    case 'createPolicy':
    case 'dropPolicy':
    case 'setRowSecurity':
    case 'grant':
    case 'revoke':
      throw cannot('SQLite has no users to give rights to.', "Ask first: if (op.context.dialect !== 'sqlite') …");
    case 'setComment':
      throw cannot('SQLite has no comments.', "Ask first: if (op.context.dialect !== 'sqlite') …");
    case 'bulkInsert':
      return insertRows(operation, textRules);
    default:
      return assertNever(operation);
  }
}
