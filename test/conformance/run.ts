import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkVectors, type CheckFailure } from './check-vectors.ts';
import { openLiveAdapter } from './live-adapter.ts';
import { plannerAdapter } from './planner-adapter.ts';
import { parseVectorFile } from './vector-file.ts';

/** Failures beyond this are counted, not shown: they mostly have one cause. */
const shownFailures = 20;

const { values, positionals: paths } = parseArgs({ allowPositionals: true, options: { live: { type: 'string' } } });
if (paths.length === 0) {
  console.error('usage: npm run conformance -- [--live URL] FILE…');
  console.error('  --live URL  ask the commands on this database, whose version table is lost; else the planner alone');
  process.exitCode = 2;
}
const live = values.live === undefined || paths.length === 0 ? null : await openLiveAdapter(values.live);
const adapter = live ?? plannerAdapter;
for (const path of paths) {
  const report = await checkVectors(parseVectorFile(readFileSync(path, 'utf8')), adapter);
  const { passed, failed, quirks, facts } = report;
  console.log(`${adapter.name}: ${path}`);
  console.log(`${passed} passed, ${failed.length} failed`);
  console.log(
    `quirks, not counted: ${quirks.agree} as the reference, ${quirks.differ.length} otherwise, ${quirks.corrupt.length} corrupting`,
  );
  console.log(`graph facts: ${facts.passed} histories agree, ${facts.failed.length} do not`);
  const failures = [...failed, ...quirks.corrupt, ...facts.failed];
  for (const failure of failures.slice(0, shownFailures)) show(failure);
  if (failures.length > shownFailures) console.log(`  … and ${failures.length - shownFailures} more`);
  if (process.env['ALUDEL_SHOW_QUIRKS'] !== undefined) for (const failure of quirks.differ) show(failure);
  if (failures.length > 0) process.exitCode = 1;
}
await live?.close();

function show(failure: CheckFailure): void {
  console.log(`  ${failure.caseId}: ${failure.command}`);
  for (const problem of failure.problems) console.log(`      ${problem}`);
}
