import { markdownTable } from '../docs/markdown-table.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { reasons, type Reason } from './kit-case.ts';
import type { KitRow } from './kit.ts';

const columns: Readonly<Record<DialectName, string>> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL, MariaDB',
};
const dialects: readonly DialectName[] = ['sqlite', 'postgresql', 'mysql'];

/** The page of the documentation that says which database does what. */
export function kitPage(rows: readonly KitRow[]): string {
  const notes: string[] = [];
  const letters = Object.keys(reasons);
  const letterOf = (reason: Reason): string => String.fromCharCode('a'.charCodeAt(0) + letters.indexOf(reason));
  const cell = ({ test }: KitRow, dialect: DialectName): string => {
    const answer = test.on[dialect];
    if (answer.kind !== 'refused') {
      return 'plainly' in answer && answer.plainly !== undefined ? `as without: ${letterOf(answer.plainly)}` : 'yes';
    }
    if (!notes.includes(answer.instead)) notes.push(answer.instead);
    return `no: ${notes.indexOf(answer.instead) + 1}`;
  };
  const body = rows.map((row) => [
    `\`${row.operation === 'inspect' ? `inspect.${row.row}` : row.operation}\``,
    row.row === 'plain' || row.operation === 'inspect' ? '' : row.row,
    ...dialects.map((dialect) => cell(row, dialect)),
  ]);
  return `# What each database does

Every operation, alone and with everything it takes. "yes" has been carried out on SQLite, PostgreSQL and MariaDB and then
looked for in the catalogue of the server itself, before the call and after it. "no" is refused before anything runs; the
number says what to do instead, which the error says too. "as without" takes an option that is about how a thing is done, or
about what is so anyway, and does the same as without it; the letter says why. No option is ignored otherwise.
\`schema\`, which every operation on a table takes and heeds, and the pace of a backfill have no rows of their own.

${markdownTable([['operation', 'with', ...dialects.map((dialect) => columns[dialect])], ...body])}

## Why an option changes nothing

${Object.values(reasons)
  .map((reason, at) => `- ${String.fromCharCode('a'.charCodeAt(0) + at)}: ${reason}`)
  .join('\n')}

## What to do instead

${notes.map((note, at) => `${at + 1}. ${note}`).join('\n')}

This page is made from the kit in \`test/operations\`: \`UPDATE=1 npx vitest run test/operations/kit.test.ts\` writes it anew.
`;
}
