import type { Change, SchemaPair } from '../change.ts';
import type { Enum, SchemaObject, Snapshot, Written } from '../snapshot.ts';
import { alterTableCalls } from './alter-table-calls.ts';
import { constraintFields } from './constraint-fields.ts';
import { createTableCalls } from './create-table-calls.ts';
import { grantCalls } from './grant-calls.ts';
import { createIndexCall } from './index-calls.ts';
import { optionsOf } from './options.ts';
import { createRoutineCall, createTriggerCall, dropRoutineCall } from './routine-calls.ts';
import { comesWithKey } from './serial-key.ts';
import {
  alterSequenceCall,
  commentCall,
  createExtensionCall,
  createPolicyCall,
  createSequenceCall,
  sequenceOwnerCall,
  textOfComment,
} from './small-object-calls.ts';
import { opCall, statementText, textOf, textsOf, type Call } from '../../support/typescript-text.ts';
import { NoPlainCall, sqlCursor } from './sql-cursor.ts';
import { createViewCall } from './view-calls.ts';

/**
 * The calls of `op` that carry a change out, as TypeScript; null for what `op` has no plain words for. Whether they do the same as the
 * statements is for a database to tell.
 */
export function operationCalls(change: Change, schemas: SchemaPair): readonly string[] | null {
  try {
    return callsOf(change, schemas).map((call) => statementText(call));
  } catch (error) {
    if (error instanceof NoPlainCall) return null;
    throw error;
  }
}

/** The call that renames what a statement renames: a table, a column or a constraint. A sequence is renamed by its statement. */
export function renameCalls(statements: readonly string[]): readonly string[] {
  return statements.map((sql) => {
    const cursor = sqlCursor(sql);
    if (!cursor.accept('ALTER', 'TABLE')) return statementText(opCall('execute', textOf(sql)));
    const { schema, name } = cursor.qualified();
    cursor.expect('RENAME');
    const call = cursor.accept('COLUMN')
      ? 'renameColumn'
      : cursor.accept('CONSTRAINT')
        ? 'renameConstraint'
        : 'renameTable';
    const part = call === 'renameTable' ? [] : [textOf(cursor.name())];
    cursor.expect('TO');
    return statementText(opCall(call, textOf(name), ...part, textOf(cursor.name()), optionsOf(schema)));
  });
}

function callsOf(change: Change, schemas: SchemaPair): readonly Call[] {
  const { kind, object: id } = change;
  const [from, to] = [find(schemas.from, id), find(schemas.to, id)];
  const [before, after] = [kind === 'create' ? null : from, kind === 'drop' ? null : to].map((one) =>
    one?.kind === 'grant' ? one : null,
  );
  if (before || after) return grantCalls(before ?? null, after ?? null, schemas.to.dialect);
  if (kind === 'drop' && from !== null) return [dropCall(from, schemas.from)];
  if (kind === 'create' && to !== null) return createCalls(to, schemas);
  if (kind === 'alter' && from !== null && to !== null) return alterCalls(from, to, change, schemas);
  throw new NoPlainCall(id);
}

function find({ objects }: Snapshot, id: string | null): SchemaObject | null {
  return objects.find((object) => object.id === id) ?? null;
}

function dropCall(object: SchemaObject, schema: Snapshot): Call {
  const name = textOf(object.name);
  const owner = find(schema, object.owner);
  const table = textOf(owner?.name ?? '');
  const options = optionsOf(object.schema);
  switch (object.kind) {
    case 'table':
      return opCall('dropTable', name, options);
    case 'view':
      return opCall('dropView', name, options);
    case 'materializedView':
      return opCall('dropMaterializedView', name, options);
    case 'enum':
      return opCall('dropEnum', name, options);
    case 'sequence':
      return opCall('dropSequence', name, options);
    case 'schema':
      return opCall('dropSchema', name);
    case 'extension':
      return opCall('dropExtension', name);
    case 'index':
      return opCall('dropIndex', name, optionsOf(object.schema, { table }));
    case 'trigger':
      return opCall('dropTrigger', name, optionsOf(object.schema, { table }));
    case 'policy':
      return opCall('dropPolicy', name, table, options);
    case 'foreignKey':
      return opCall('dropConstraint', table, name, optionsOf(object.schema, { type: `'foreignKey'` }));
    case 'function':
    case 'procedure':
      return dropRoutineCall(object, schema.dialect);
    case 'sequenceOwner':
      return sequenceOwnerCall(object, false);
    case 'comment':
      return commentCall(object, null);
    default:
      throw new NoPlainCall(object.kind);
  }
}

function createCalls(object: SchemaObject, schemas: SchemaPair): readonly Call[] {
  const owner = find(schemas.to, object.owner);
  const { dialect } = schemas.to;
  switch (object.kind) {
    case 'table':
      return createTableCalls(object, schemas);
    case 'enum':
      return [opCall('createEnum', textOf(object.name), textsOf(object.values), optionsOf(object.schema))];
    case 'sequence':
      return comesWithKey(object, schemas) ? [] : [createSequenceCall(object, dialect)];
    case 'sequenceOwner':
      return comesWithKey(object, schemas) ? [] : [sequenceOwnerCall(object, true)];
    case 'schema':
      return [opCall('createSchema', textOf(object.name))];
    case 'extension':
      return [createExtensionCall(object)];
    case 'view':
    case 'materializedView':
      return [createViewCall(object, false, dialect)];
    case 'function':
    case 'procedure':
      return [createRoutineCall(object, false)];
    case 'trigger':
      return [createTriggerCall(object, owner, dialect)];
    case 'policy':
      return [createPolicyCall(object, owner)];
    case 'index':
      return [createIndexCall(object, owner, dialect)];
    case 'foreignKey':
      return [addForeignKey(object, owner)];
    case 'comment':
      return [commentCall(object, textOfComment(object))];
    default:
      throw new NoPlainCall(object.kind);
  }
}

function alterCalls(from: SchemaObject, to: SchemaObject, change: Change, schemas: SchemaPair): readonly Call[] {
  const { dialect } = schemas.to;
  if (from.kind === 'enum' && to.kind === 'enum') return enumCalls(from, to);
  if (from.kind === 'table' && to.kind === 'table') return alterTableCalls({ from, to, dialect, change });
  if (from.kind === 'sequence' && to.kind === 'sequence') return [alterSequenceCall(from, to)];
  switch (to.kind) {
    case 'view':
      return [createViewCall(to, true, dialect)];
    case 'function':
    case 'procedure':
      return [createRoutineCall(to, true)];
    case 'sequenceOwner':
      return [sequenceOwnerCall(to, true)];
    case 'comment':
      return [commentCall(to, textOfComment(to))];
    default:
      throw new NoPlainCall(to.kind);
  }
}

/** New values are added where they belong. Where values go or change places, all of them are given. */
function enumCalls(from: Enum, to: Enum): readonly Call[] {
  const kept = to.values.filter((value) => from.values.includes(value));
  if (kept.join('\n') !== from.values.join('\n')) {
    return [opCall('replaceEnumValues', textOf(to.name), textsOf(to.values), optionsOf(to.schema))];
  }
  return to.values.flatMap((value, i) => {
    if (from.values.includes(value)) return [];
    const [last, [first]] = [to.values[i - 1], from.values];
    const place = last !== undefined ? { after: textOf(last) } : first === undefined ? {} : { before: textOf(first) };
    return [opCall('addEnumValue', textOf(to.name), textOf(value), optionsOf(to.schema, place))];
  });
}

function addForeignKey(key: Written, table: SchemaObject | null): Call {
  if (key.definition.length > 1) throw new NoPlainCall('a foreign key in several steps');
  const cursor = sqlCursor(key.definition[0] ?? '');
  cursor.expect('ALTER', 'TABLE');
  cursor.accept('ONLY');
  cursor.qualified();
  cursor.expect('ADD', 'CONSTRAINT');
  cursor.name();
  const constraint = constraintFields(key.name, cursor.rest());
  return opCall('addConstraint', textOf(table?.name ?? ''), constraint, optionsOf(key.schema));
}
