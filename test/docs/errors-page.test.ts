import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCatalog } from '../../src/support/error-catalog.ts';
import { markdownTable } from './markdown-table.ts';
import { repository } from './run-document.ts';

const page = join(repository, 'docs/errors.md');

/** `UPDATE=1 npx vitest run test/docs` writes the page. */
test('docs/errors.md is made from the error catalogue', () => {
  if (process.env['UPDATE'] === '1') writeFileSync(page, errorsPage());
  expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(errorsPage());
});

function errorsPage(): string {
  const rows = Object.entries(errorCatalog).map(([code, { exitCode, meaning }]) => [
    `\`${code}\``,
    String(exitCode),
    meaning.replaceAll('|', String.raw`\|`),
  ]);
  return `# Errors

Every error has a code that does not change between versions. On the terminal it stands before the message, with what to
do on the next line. With \`--json\` it is \`error.code\`; in a program it is \`error.code\` of an \`AludelError\`.

${markdownTable([['code', 'exit code', 'meaning'], ...rows])}

The exit codes are explained in [commands.md](commands.md#exit-codes).

This page is made from \`src/support/error-catalog.ts\`: \`UPDATE=1 npx vitest run test/docs\` writes it anew.
`;
}
