import type { Operation } from '../../../operations/operation.ts';
import { assertNever } from '../../../support/assert-never.ts';
import { compileTable, needsAnswer } from '../../operations/compile-table.ts';
import { insertRows } from '../../operations/insert-rows.ts';
import { cannot, statement } from '../../operations/render-parts.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { createTableAs, drop, refuseCascade } from '../../operations/table-text.ts';
import { changeTable } from './change-table.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { grant } from './render-access.ts';
import { setComment } from './render-comment.ts';
import { createIndex, dropIndex, renameIndex } from './render-index.ts';
import { createRoutine, createTrigger, dropRoutine } from './render-routine.ts';
import { alterSequence, createSequence, dropSequence } from './render-sequence.ts';
import { createView } from './render-view.ts';
import { withPlainStrings } from '../server.ts';
import { textRules } from './text-rules.ts';

/** The statements of a structured operation on MySQL and MariaDB. */
export async function render(operation: Operation, port: RenderPort): Promise<readonly Statement[]> {
  switch (operation.kind) {
    case 'createTable':
    case 'alterTable':
      return await withPlainStrings(compileTable(operation, port.builder, needsAnswer), port.ask);
    case 'createTableAs':
      return [createTableAs(operation, textRules)];
    case 'dropTable':
      refuseCascade('MySQL', operation);
      return [drop('TABLE', { ...operation, name: operation.table }, textRules)];
    case 'renameTable': {
      const from = quoteTable({ schema: operation.schema, name: operation.from });
      return [statement('RENAME TABLE', from, 'TO', quoteTable({ schema: operation.schema, name: operation.to }))];
    }
    case 'changeTable':
      return await changeTable(operation, port);
    case 'validateConstraint':
      throw cannot('MySQL checks every row when a constraint is added.', 'There is nothing to validate: leave it out.');
    case 'createIndex':
      return await createIndex(operation, port.ask);
    case 'dropIndex':
      refuseCascade('MySQL', operation);
      return await dropIndex(operation, port.ask);
    case 'renameIndex':
      return [renameIndex(operation)];
    case 'createView':
      return await createView(operation, port.ask);
    case 'dropView':
      refuseCascade('MySQL', operation);
      return [drop('VIEW', { ...operation, name: operation.view }, textRules)];
    case 'createMaterializedView':
    case 'refreshMaterializedView':
    case 'dropMaterializedView':
      throw cannot('MySQL has no materialized views.', 'Keep a table and fill it: op.createTableAs.');
    case 'createEnum':
    case 'dropEnum':
      throw cannot(
        'MySQL has no enum types.',
        "An enum belongs to its column there: t.enu('state', ['open', 'closed']).",
      );
    case 'addEnumValue':
    case 'renameEnumValue':
    case 'replaceEnumValues':
      throw cannot(
        'MySQL has no enum types.',
        `Give the column its new values: op.alterColumn('…', '…', { type: "enum('open', 'closed')" }).`,
      );
    case 'createSequence':
      return [await createSequence(operation, port.ask)];
    case 'alterSequence':
      return [await alterSequence(operation, port.ask)];
    case 'dropSequence':
      refuseCascade('MySQL', operation);
      return [await dropSequence(operation, port.ask)];
    case 'createSchema':
      if (operation.owner !== undefined) throw cannot('A schema of MySQL has no owner.', 'Leave out "owner".');
      return [statement('CREATE SCHEMA', operation.ifNotExists && 'IF NOT EXISTS', quoteIdentifier(operation.name))];
    case 'dropSchema':
      return [statement('DROP SCHEMA', operation.ifExists && 'IF EXISTS', quoteIdentifier(operation.name))];
    case 'createExtension':
    case 'dropExtension':
      throw cannot('MySQL has no extensions.', "Ask first: if (op.context.dialect === 'postgresql') …");
    case 'createFunction':
    case 'createProcedure':
      return createRoutine(operation);
    case 'dropFunction':
    case 'dropProcedure':
      refuseCascade('MySQL', operation);
      return [dropRoutine(operation)];
    case 'createTrigger':
      return createTrigger(operation);
    case 'dropTrigger':
      return [drop('TRIGGER', operation, textRules)];
    case 'createPolicy':
    case 'dropPolicy':
    case 'setRowSecurity':
      throw cannot('MySQL has no row security.', 'Give each role a view of its rows, and no right on the table.');
    case 'grant':
    case 'revoke':
      return [grant(operation)];
    case 'setComment':
      return await setComment(operation, port);
    case 'bulkInsert':
      return insertRows(operation, textRules, { allDefaults: '() VALUES ()' });
    default:
      return assertNever(operation);
  }
}
