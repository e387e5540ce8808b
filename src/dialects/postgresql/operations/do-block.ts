import type { Inspect } from '../../../operations/inspect.ts';
import type { Statement } from '../../statement.ts';
import { inspector } from '../inspect.ts';
import { literal } from '../literal.ts';

/** An anonymous block, in dollar quotes of which its text has none. */
export function doBlock(lines: readonly string[]): string {
  const body = lines.join('\n');
  let tag = '$aludel$';
  for (let number = 1; body.includes(tag); number++) tag = `$aludel${number}$`;
  return `DO ${tag}\n${body}\n${tag}`;
}

/** A block as a statement: what it does depends on the catalogue at the moment it runs, so a script can hold it too. */
export function blockStatement(...lines: readonly string[]): Statement {
  return { sql: doBlock(['BEGIN', ...lines, 'END']), bindings: [] };
}

/** Runs the statements, whose text is complete, unless `look` finds something. */
export async function unlessThere(
  look: (inspect: Inspect) => Promise<boolean>,
  statements: readonly Statement[],
): Promise<Statement> {
  let question = '';
  await look(
    inspector((sql) => {
      question = sql;
      return Promise.resolve([]);
    }),
  );
  return blockStatement(
    `  IF NOT EXISTS (${question}) THEN`,
    ...statements.map(({ sql }) => `    ${sql}${endOf(sql)}`),
    '  END IF;',
  );
}

/** The text of a view may end with a comment. */
function endOf(sql: string): string {
  return sql.includes('--') ? '\n    ;' : ';';
}

/** A statement with a piece of SQL in it that an expression finds in the catalogue. */
export function completedStatement(before: string, expression: string, after: string): Statement {
  return blockStatement(`  EXECUTE ${literal(before)} || ${expression} || ${literal(after)};`);
}
