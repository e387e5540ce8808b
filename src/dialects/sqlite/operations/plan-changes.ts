import type { ChangeTable, ColumnChanges, TableChange } from '../../../operations/table-change.ts';
import { assertNever } from '../../../support/assert-never.ts';
import { listed } from '../../../support/text.ts';
import { firstWords } from '../../sql/first-words.ts';
import type { RenderPort } from '../../operations/render-port.ts';
import type { Statement } from '../../statement.ts';
import { inWordsOf, lacks, noColumn, refused } from './change-errors.ts';
import { usesOf } from './column-uses.ts';
import { addColumnStatement, compileColumns, isPlain, type CompiledColumns } from './compile-columns.ts';
import { constraintSql } from './constraint-sql.ts';
import { constraintAs, defaultSql, definitionAs, generatedSql } from './definition-text.ts';
import { hasPlainNullability, withAutoincrement, withNullability, withOnly, withType } from './edit-column.ts';
import {
  columnNamed,
  constraintsOf,
  hasComments,
  primaryKeyOf,
  renamedIn,
  splice,
  withColumn,
  withConstraint,
  without,
} from './edit-create-table.ts';
import { findConstraint, noSuchConstraint } from './find-constraint.ts';
import { nullGuard } from './guards.ts';
import { sqliteRules } from '../lexical-rules.ts';
import { nameKey, parseCreateTable, sameName, type ColumnText, type CreateTable } from './parse-create-table.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import type { SessionState, StoredObject, StoredTable } from './read-table.ts';

/** ALTER TABLE … ALTER COLUMN … NOT NULL, ADD CHECK and DROP CONSTRAINT came with 3.52. */
const constraintsCanBeAltered = 3_052_000;

/**
 * A name that needs no quotes, not being a keyword: with quotes around it, DROP CONSTRAINT of 3.52 finds no constraint.
 */
const staysBare = /^(?!current_)[a-z]\w*_\w*$/i;

/** What becomes of a table, both ways: without a rebuild and with one. */
export interface ChangePlan {
  /** The statements that do without a rebuild; null when one is needed. */
  readonly alter: readonly Statement[] | null;
  /** In words: the changes for which it is needed. */
  readonly needsRebuild: readonly string[];
  /** What the rebuild creates. */
  readonly table: CreateTable;
  readonly fresh: ReadonlySet<string>;
  readonly using: ReadonlyMap<string, string>;
  readonly columnsGo: boolean;
  readonly indexesGone: ReadonlySet<string>;
  readonly afterwards: readonly Statement[];
  readonly foreignKeysCome: boolean;
}

/**
 * Follows the changes in their order, both ways at once: the ALTER TABLE statements, and the text of a new table. A
 * rename is always left to SQLite, which follows the column through indexes, triggers, views and other tables. With a
 * rebuild it comes last, so until then the text has the column under its old name: `names` has old names by new ones,
 * and what a later change says of a renamed column is put into the old name.
 */
export function planChanges(
  operation: ChangeTable,
  stored: StoredTable,
  session: SessionState,
  added: ReadonlyMap<TableChange, CompiledColumns>,
  port: RenderPort,
): ChangePlan {
  const tableName = stored.name;
  const alterTable = `ALTER TABLE ${quoteTable({ schema: operation.schema, name: operation.table })}`;
  const canAlterConstraints = session.version >= constraintsCanBeAltered;
  let table = parseCreateTable(stored.sql);
  let alter: Statement[] | null = [];
  let columnsGo = false;
  let foreignKeysCome = false;
  let indexes: readonly StoredObject[] = stored.indexes;
  const names = new Map<string, string>();
  const renamedAway = new Set<string>();
  const fresh = new Set<string>();
  const using = new Map<string, string>();
  const indexesGone = new Set<string>();
  let renames: { readonly column: string; readonly statement: Statement }[] = [];
  const afterwards: Statement[] = [];
  const needsRebuild: string[] = [];

  for (const change of operation.changes) {
    const statements = follow(change);
    if (statements === null) needsRebuild.push(inWordsOf(change));
    alter = statements === null || alter === null ? null : [...alter, ...statements];
  }
  return {
    alter,
    needsRebuild,
    table,
    fresh,
    using,
    columnsGo,
    indexesGone,
    afterwards: [...renames.map(({ statement }) => statement), ...afterwards],
    foreignKeysCome,
  };

  /** Makes the change to the text. Answers with the ALTER TABLE that makes it, null where there is none. */
  function follow(change: TableChange): readonly Statement[] | null {
    switch (change.kind) {
      case 'renameColumn':
        return renameColumn(change.from, change.to);
      case 'addColumn': {
        const columns = added.get(change);
        return columns === undefined ? [] : addColumns(columns, change.ifNotExists);
      }
      case 'dropColumn': {
        const column = existing(change.column);
        if (column !== null) return dropColumn(change.column, column);
        if (change.ifExists) return [];
        throw noColumn(table, tableName, change.column);
      }
      case 'alterColumn':
        return alterColumn(change.column, change.to);
      case 'addConstraint': {
        const { name } = change.constraint;
        const taken =
          name !== null && constraintsOf(table).some((other) => other.name !== null && sameName(other.name, name));
        if (taken && change.ifNotExists) return [];
        if (taken)
          throw refused(`Table "${tableName}" has a constraint "${name}" already.`, 'Give the new one another name.');
        return addConstraint(change);
      }
      case 'dropConstraint':
        return dropConstraint(change);
      case 'renameConstraint': {
        const found = findConstraint(table, tableName, change.from);
        if (found === null) throw noSuchConstraint(table, tableName, change.from);
        const to = quoteIdentifier(change.to);
        const at = { start: found.span.start, end: found.span.start };
        const { text } = table;
        become(found.nameSpan === null ? splice(text, at, `CONSTRAINT ${to} `) : splice(text, found.nameSpan, to));
        return null;
      }
      default:
        return assertNever(change);
    }
  }

  function become(text: string): void {
    table = parseCreateTable(text);
  }

  /** The column that has this name by now, as the text has it. */
  function existing(name: string): ColumnText | null {
    const before = names.get(nameKey(name));
    if (before !== undefined) return columnNamed(table, before);
    return renamedAway.has(nameKey(name)) ? null : columnNamed(table, name);
  }

  function found(name: string): ColumnText {
    const column = existing(name);
    if (column === null) throw noColumn(table, tableName, name);
    return column;
  }

  /** The column after an edit of the text. */
  function again(column: ColumnText): ColumnText {
    return columnNamed(table, column.name) ?? column;
  }

  function renameColumn(from: string, to: string): readonly Statement[] {
    const { name } = found(from);
    names.delete(nameKey(from));
    renamedAway.add(nameKey(from));
    return [renamedLater(name, from, to)];
  }

  function renamedLater(column: string, from: string, to: string): Statement {
    const statement = renameStatement(operation, from, to);
    names.set(nameKey(to), column);
    renames.push({ column, statement });
    return statement;
  }

  function addColumns(compiled: CompiledColumns, ifNotExists: boolean): readonly Statement[] | null {
    const missing = ifNotExists ? compiled.columns.filter(({ name }) => existing(name) === null) : compiled.columns;
    if (missing.length === 0) return [];
    for (const { name, definition } of missing) {
      // Another column may have the name until the renames at the end.
      const taken = renamedAway.has(nameKey(name)) && columnNamed(table, name) !== null;
      const first = taken ? `aludel_new_${name}` : name;
      if (taken) renamedLater(first, first, name);
      become(withColumn(table, definitionAs(definition, first, names)));
      fresh.add(nameKey(first));
    }
    for (const constraint of compiled.constraints) become(withConstraint(table, constraintAs(constraint, names)));
    foreignKeysCome ||= /\breferences\b/i.test(
      [...missing.map(({ definition }) => definition), ...compiled.constraints].join(),
    );
    afterwards.push(...compiled.afterwards);
    if (!isPlain(compiled) || !missing.every(({ native }) => native)) return null;
    return [...missing.map((column) => addColumnStatement(operation, column)), ...compiled.afterwards];
  }

  function dropColumn(name: string, column: ColumnText): readonly Statement[] | null {
    const uses = usesOf({ ...stored, indexes }, table, column);
    if (uses.blocking.length > 0) {
      throw refused(
        `Column "${name}" of table "${tableName}" is used by ${listed(uses.blocking)}.`,
        'Drop or change what uses it first; it can be done in the same revision.',
      );
    }
    const byItself =
      uses.constraints.length === 0 &&
      column.constraints.every(({ kind }) => kind !== 'unique' && kind !== 'primaryKey');
    const statements = byItself && losesNoComment() ? [] : null;
    for (const constraint of uses.constraints.toReversed()) become(without(table, constraint));
    become(without(table, again(column)));
    columnsGo = true;
    fresh.add(nameKey(column.name));
    names.delete(nameKey(name));
    renames = renames.filter((rename) => rename.column !== column.name);
    for (const index of uses.indexes) indexesGone.add(index);
    indexes = indexes.filter((index) => !uses.indexes.includes(index.name));
    if (statements === null) return null;
    return [
      ...uses.indexes.map((index) => dropIndex(index)),
      { sql: `${alterTable} DROP COLUMN ${quoteIdentifier(name)}`, bindings: [] },
    ];
  }

  /** SQLite's ALTER TABLE cuts pieces out of the text with the comments around them. */
  function losesNoComment(): boolean {
    return operation.recreate === 'never' || !hasComments(table);
  }

  function dropIndex(name: string): Statement {
    return { sql: `DROP INDEX ${quoteTable({ schema: operation.schema, name })}`, bindings: [] };
  }

  function alterColumn(name: string, to: ColumnChanges): readonly Statement[] | null {
    if (to.comment != null) throw lacks('comments on columns');
    if (to.identity != null) throw lacks('identity columns', 'INTEGER PRIMARY KEY numbers the rows by itself.');
    const column = found(name);
    const before = table.text;
    const edit = (change: (table: CreateTable, column: ColumnText) => string): void =>
      become(change(table, columnNamed(table, column.name) ?? column));
    if (to.type !== undefined) edit((now, own) => withType(now, own, typeOf(to.type)));
    if (to.using !== undefined) using.set(nameKey(column.name), renamedIn(to.using, names));
    if (to.collation !== undefined) {
      const collate = to.collation === null ? null : `COLLATE ${quoteIdentifier(to.collation)}`;
      edit((now, own) => withOnly(now, own, 'collate', collate));
    }
    if (to.generated !== undefined) {
      const generated =
        to.generated === null ? null : generatedSql(renamedIn(to.generated.expression, names), to.generated);
      edit((now, own) => withOnly(now, own, 'generated', generated));
    }
    if (to.default !== undefined) {
      const sql = to.default === null ? null : `DEFAULT ${defaultSql(to.default)}`;
      edit((now, own) => withOnly(now, own, 'default', sql));
    }
    if (to.autoincrement !== undefined) {
      edit((now, own) => withAutoincrement(now, own, tableName, to.autoincrement === true));
    }
    const unchanged = table.text === before && to.using === undefined;
    if (to.nullable === undefined) return unchanged ? [] : null;
    const beforeNull = table.text;
    const plain = hasPlainNullability(columnNamed(table, column.name) ?? column);
    edit((now, own) => withNullability(now, own, to.nullable === true));
    if (table.text === beforeNull) return unchanged ? [] : null;
    if (!unchanged || !canAlterConstraints || !plain || !losesNoComment()) return null;
    const verb = to.nullable ? 'DROP NOT NULL' : 'SET NOT NULL';
    const own = quoteTable({ schema: operation.schema, name: operation.table });
    return [
      ...(to.nullable ? [] : [{ sql: nullGuard(tableName, name, own, quoteIdentifier(name)), bindings: [] }]),
      { sql: `${alterTable} ALTER COLUMN ${quoteIdentifier(name)} ${verb}`, bindings: [] },
    ];
  }

  function typeOf(type: ColumnChanges['type']): string {
    if (typeof type === 'string') return type;
    if (type === undefined) return '';
    const column = compileColumns(operation, type, port).columns[0];
    if (column?.type == null) throw refused('The builder of a type describes no column.', 'Write (t) => t.string(…).');
    return column.type;
  }

  function addConstraint({ constraint }: Extract<TableChange, { kind: 'addConstraint' }>): readonly Statement[] | null {
    const own = (columns: readonly string[]): readonly string[] => columns.map((name) => found(name).name);
    const native = constraint.kind === 'check' && canAlterConstraints;
    switch (constraint.kind) {
      case 'check':
        become(
          withConstraint(table, constraintSql({ ...constraint, expression: renamedIn(constraint.expression, names) })),
        );
        break;
      case 'exclusion':
        become(withConstraint(table, constraintSql(constraint)));
        break;
      case 'foreignKey': {
        const { references } = constraint;
        const toItself = sameName(references.table, tableName);
        const columns = toItself && references.columns !== undefined ? own(references.columns) : references.columns;
        foreignKeysCome = true;
        become(
          withConstraint(
            table,
            constraintSql({
              ...constraint,
              columns: own(constraint.columns),
              references: { ...references, ...(columns === undefined ? {} : { columns }) },
            }),
          ),
        );
        break;
      }
      case 'primaryKey': {
        const key = primaryKeyOf(table);
        if (key !== null) {
          throw refused(
            `Table "${tableName}" has a primary key (${key.columns.join(', ')}) already.`,
            'Drop it first, in the same batch.',
          );
        }
        become(withConstraint(table, constraintSql({ ...constraint, columns: own(constraint.columns) })));
        break;
      }
      default:
        become(withConstraint(table, constraintSql({ ...constraint, columns: own(constraint.columns) })));
    }
    return native ? [{ sql: `${alterTable} ADD ${constraintSql(constraint)}`, bindings: [] }] : null;
  }

  function dropConstraint({
    name,
    type,
    ifExists,
  }: Extract<TableChange, { kind: 'dropConstraint' }>): readonly Statement[] | null {
    const constraint = findConstraint(table, tableName, name, type);
    if (constraint === null) {
      // What knex calls a unique constraint is an index here.
      const index =
        type === null || type === 'unique' ? indexes.find((other) => isUniqueIndex(other, name)) : undefined;
      if (index === undefined) {
        if (ifExists) return [];
        throw noSuchConstraint(table, tableName, name);
      }
      indexesGone.add(index.name);
      indexes = indexes.filter((other) => other !== index);
      return [dropIndex(index.name)];
    }
    if (constraint.kind === 'primaryKey' && table.withoutRowid) {
      throw refused(
        `Table "${tableName}" is WITHOUT ROWID and cannot do without its primary key.`,
        'Create a new table.',
      );
    }
    const native =
      canAlterConstraints &&
      (constraint.kind === 'check' || constraint.kind === 'notNull') &&
      staysBare.test(constraint.name ?? '') &&
      constraintsOf(table).filter((other) => sameName(other.name ?? '', name)).length === 1 &&
      losesNoComment();
    become(without(table, constraint));
    return native ? [{ sql: `${alterTable} DROP CONSTRAINT ${name}`, bindings: [] }] : null;
  }
}

export function renameStatement({ table, schema }: ChangeTable, from: string, to: string): Statement {
  const names = `${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`;
  return { sql: `ALTER TABLE ${quoteTable({ schema, name: table })} RENAME COLUMN ${names}`, bindings: [] };
}

function isUniqueIndex({ name, sql }: StoredObject, wanted: string): boolean {
  return sameName(name, wanted) && firstWords(sql, 2, sqliteRules)[1] === 'UNIQUE';
}
