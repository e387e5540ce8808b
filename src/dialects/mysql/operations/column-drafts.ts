import type { OperationOf } from '../../../operations/operation.ts';
import type { ChangeTable, ColumnBuild } from '../../../operations/table-change.ts';
import { columnNames } from '../../operations/column-build.ts';
import { compileTable, needsAnswer } from '../../operations/compile-table.ts';
import { textOf, type RenderPort, type Unanswered } from '../../operations/render-port.ts';
import { columnDefinition, type ColumnDefinition } from './column-definition.ts';
import { quoteTable } from '../quote.ts';
import { escapesBackslashes } from '../server.ts';

/**
 * The columns of a table as the changes of a batch leave them one after the other: none has run yet when the next one is
 * rendered, so the server shows what was there before all of them.
 */
export interface ColumnDrafts {
  /** Null when there is no such column by now. */
  definitionOf(column: string, unanswered?: Unanswered): Promise<ColumnDefinition | null>;
  /** Not sure is a column that may have been there before, as it was. */
  added(build: ColumnBuild, how: { readonly isSure: boolean }): void;
  dropped(column: string): void;
  renamed(from: string, to: string): void;
  altered(column: string, definition: ColumnDefinition): void;
}

type Source = (unanswered?: Unanswered) => Promise<ColumnDefinition | null>;

export function columnDrafts({ table, schema }: ChangeTable, port: RenderPort): ColumnDrafts {
  const sources = new Map<string, Source>();
  const nowhere: Source = () => Promise.resolve(null);
  const shown = async (column: string, unanswered?: Unanswered): Promise<ColumnDefinition | null> => {
    const rows = await port.ask(`SHOW CREATE TABLE ${quoteTable({ schema, name: table })}`, [], unanswered);
    const text = textOf(rows[0]?.['Create Table']) ?? '';
    const noEscapes = text.includes('\\') && !(await escapesBackslashes(port.ask));
    return columnDefinition(text, column, noEscapes);
  };
  const sourceOf = (column: string): Source =>
    sources.get(keyOf(column)) ?? ((unanswered) => shown(column, unanswered));
  return {
    definitionOf: (column, unanswered) => sourceOf(column)(unanswered),
    added(build, { isSure }) {
      for (const column of columnNames(build, port.builder)) {
        sources.set(
          keyOf(column),
          async (unanswered) =>
            (isSure ? null : await shown(column, unanswered)) ?? describedBy(build, column, table, port),
        );
      }
    },
    dropped: (column) => void sources.set(keyOf(column), nowhere),
    renamed(from, to) {
      const source = sourceOf(from);
      sources.set(keyOf(from), nowhere);
      sources.set(keyOf(to), source);
    },
    altered: (column, definition) => void sources.set(keyOf(column), () => Promise.resolve(definition)),
  };
}

/** As the table would be created with it. Backslashes are in hexadecimal literals there. */
function describedBy(
  build: ColumnBuild,
  column: string,
  table: string,
  { builder }: RenderPort,
): ColumnDefinition | null {
  const described: OperationOf<'createTable'> = {
    kind: 'createTable',
    table,
    schema: null,
    ifNotExists: false,
    build: (t) => void build(t),
  };
  const [created] = compileTable(described, builder, needsAnswer);
  return created === undefined ? null : columnDefinition(created.sql, column, false);
}

function keyOf(column: string): string {
  return column.toLowerCase();
}
