import { isRawSql, type ValueOrSql } from '../../operations/sql-value.ts';
import type { ChangeTable, ColumnChanges, TableChange } from '../../operations/table-change.ts';
import { assertNever } from '../../support/assert-never.ts';
import { listed } from '../../support/text.ts';
import { firstWords } from '../first-words.ts';
import type { RenderPort } from '../render-port.ts';
import type { Statement } from '../statement.ts';
import { inWordsOf, lacks, noColumn, refused } from './change-errors.ts';
import { usesOf } from './column-uses.ts';
import { addColumnStatement, compileColumns, isPlain, type CompiledColumns } from './compile-columns.ts';
import { constraintSql } from './constraint-sql.ts';
import {
  columnNamed,
  constraintsOf,
  hasComments,
  primaryKeyOf,
  renamedIn,
  splice,
  withColumn,
  withColumnConstraint,
  withConstraint,
  without,
  withType,
} from './edit-create-table.ts';
import { findConstraint, noSuchConstraint } from './find-constraint.ts';
import { sqliteRules } from './lexical-rules.ts';
import { literal } from './literal.ts';
import {
  nameKey,
  parseCreateTable,
  sameName,
  type ColumnText,
  type ConstraintText,
  type CreateTable,
} from './parse-create-table.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
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
        const taken = constraintsOf(table).some((other) => other.name !== null && sameName(other.name, name));
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
    if (to.type !== undefined) become(withType(table, column, typeOf(to.type)));
    if (to.using !== undefined) using.set(nameKey(column.name), renamedIn(to.using, names));
    if (to.collation !== undefined) replace(column, 'collate', `COLLATE ${quoteIdentifier(to.collation)}`);
    if (to.generated !== undefined) {
      const sql = to.generated === null ? null : renamedIn(to.generated.expression, names);
      const stored = to.generated?.stored === true ? ' STORED' : '';
      replace(column, 'generated', sql === null ? null : `GENERATED ALWAYS AS (${sql})${stored}`);
    }
    if (to.default !== undefined) {
      replace(column, 'default', to.default === null ? null : `DEFAULT ${defaultSql(to.default)}`);
    }
    if (to.autoincrement !== undefined) setAutoincrement(again(column), to.autoincrement);
    const beforeNull = table.text;
    const notNull = to.nullable === undefined ? null : setNullable(name, again(column), to.nullable);
    if (table.text === before && to.using === undefined) return [];
    return beforeNull === before && to.using === undefined ? notNull : null;
  }

  /** Puts a constraint of a column in the place of the one of this kind, behind the others where there is none. */
  function replace(column: ColumnText, kind: ConstraintText['kind'], sql: string | null): void {
    const now = again(column);
    const old = now.constraints.find((constraint) => constraint.kind === kind);
    if (sql === null) {
      if (old !== undefined) become(without(table, old));
    } else {
      become(old === undefined ? withColumnConstraint(table, now, sql) : splice(table.text, old.body, sql));
    }
  }

  function setNullable(name: string, column: ColumnText, nullable: boolean): readonly Statement[] | null {
    const isKind = (kind: ConstraintText['kind']) => (constraint: ConstraintText) => constraint.kind === kind;
    const old = column.constraints.filter(isKind('notNull'));
    // NULL as a constraint says nothing, but not beside NOT NULL.
    const said = nullable ? old : column.constraints.filter(isKind('null'));
    for (const constraint of said.toReversed()) become(without(table, constraint));
    if (!nullable && old.length === 0) become(withColumnConstraint(table, again(column), 'NOT NULL'));
    const plain =
      old.length <= 1 && old.every((constraint) => constraint.name === null && constraint.onConflict === null);
    if (!canAlterConstraints || !plain || !losesNoComment()) return null;
    const verb = nullable ? 'DROP NOT NULL' : 'SET NOT NULL';
    return [{ sql: `${alterTable} ALTER COLUMN ${quoteIdentifier(name)} ${verb}`, bindings: [] }];
  }

  function setAutoincrement(column: ColumnText, autoincrement: boolean): void {
    const key = primaryKeyOf(table);
    if (key === null || !key.columns.some((name) => sameName(name, column.name))) {
      throw refused(
        `Column "${column.name}" of table "${tableName}" is not its primary key.`,
        'AUTOINCREMENT stands behind INTEGER PRIMARY KEY only.',
      );
    }
    if (autoincrement === (key.autoincrement !== null)) return;
    if (key.autoincrement !== null) {
      const { start, end } = key.autoincrement;
      become(splice(table.text, { start: table.text.slice(0, start).trimEnd().length, end }, ''));
    } else {
      const inTable = table.constraints.includes(key);
      const end = inTable ? table.text.indexOf(')', key.body.start) : key.body.end;
      become(splice(table.text, { start: end, end }, ' AUTOINCREMENT'));
    }
  }

  function typeOf(type: NonNullable<ColumnChanges['type']>): string {
    if (typeof type === 'string') return type;
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
        const columns = toItself ? own(references.columns) : references.columns;
        foreignKeysCome = true;
        become(
          withConstraint(
            table,
            constraintSql({ ...constraint, columns: own(constraint.columns), references: { ...references, columns } }),
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
      constraint.name !== null &&
      staysBare.test(constraint.name) &&
      losesNoComment();
    become(without(table, constraint));
    return native ? [{ sql: `${alterTable} DROP CONSTRAINT ${name}`, bindings: [] }] : null;
  }
}

export function renameStatement({ table, schema }: ChangeTable, from: string, to: string): Statement {
  const names = `${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`;
  return { sql: `ALTER TABLE ${quoteTable({ schema, name: table })} RENAME COLUMN ${names}`, bindings: [] };
}

/**
 * The definition of a new column under the name it has in the text, with the names that other columns have there in its
 * CHECK and AS.
 */
function definitionAs(definition: string, name: string, names: ReadonlyMap<string, string>): string {
  const opening = 'CREATE TABLE t (';
  const { text, columns } = parseCreateTable(`${opening}${definition})`);
  const [column] = columns;
  if (column === undefined || names.size === 0) return definition;
  const expressions = column.constraints.flatMap(({ kind, expression }) =>
    expression !== null && kind !== 'default' ? [expression] : [],
  );
  const renamed = expressions
    .toReversed()
    .reduce((left, span) => splice(left, span, renamedIn(text.slice(span.start, span.end), names)), text);
  const own = sameName(column.name, name) ? renamed : splice(renamed, column.nameSpan, quoteIdentifier(name));
  return own.slice(opening.length, -1);
}

/** A constraint that came with new columns, the same way. */
function constraintAs(sql: string, names: ReadonlyMap<string, string>): string {
  const references = /\breferences\b/i.exec(sql)?.index ?? sql.length;
  return renamedIn(sql.slice(0, references), names) + sql.slice(references);
}

/** SQLite takes an expression as a default in parentheses only, but a time of its own without. */
function defaultSql(value: ValueOrSql): string {
  if (!isRawSql(value)) return literal(value);
  return /^(?:\(.*\)|CURRENT_(?:TIME|DATE|TIMESTAMP))$/is.test(value.sql.trim()) ? value.sql : `(${value.sql})`;
}

function isUniqueIndex({ name, sql }: StoredObject, wanted: string): boolean {
  return sameName(name, wanted) && firstWords(sql, 2, sqliteRules)[1] === 'UNIQUE';
}
