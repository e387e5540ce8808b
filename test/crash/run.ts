/**
 * The whole crash kit: `npm run test:crash [-- minutes]`. Prints the table of results and writes it into
 * docs/reliability.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isReachable } from './crash-database.ts';
import { interruptEverywhere, scenarios, type Outcome } from './interrupt.ts';
import { buildWorker } from './run-worker.ts';

const minutes = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const until = Date.now() + minutes * 60_000;
const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const marks = { begin: '<!-- crash results -->', end: '<!-- end of crash results -->' };

/** The dialects side by side; the scenarios of one dialect share what time there is. */
async function runDialect(dialect: Outcome['scenario']['dialect']): Promise<readonly Outcome[]> {
  if (!(await isReachable(dialect))) throw new Error(`no ${dialect} server answers`);
  const mine = scenarios.filter((scenario) => scenario.dialect === dialect);
  const outcomes: Outcome[] = [];
  for (const [index, scenario] of mine.entries()) {
    const left = (until - Date.now()) / (mine.length - index);
    const outcome = await interruptEverywhere(program, scenario, { share: 1, until: Date.now() + left });
    console.log(rowOf(outcome));
    for (const text of outcome.differences) console.log(text);
    outcomes.push(outcome);
  }
  return outcomes;
}

function rowOf({ scenario, events, kills, differences, manualSteps, questions }: Outcome): string {
  const cells = [scenario.name, events.upgrade, events.downgrade, kills, differences.length, manualSteps, questions];
  return `| ${cells.join(' | ')} |`;
}

function tableOf(outcomes: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + count(one), 0);
  const total = [
    '**all**',
    sum(({ events }) => events.upgrade),
    sum(({ events }) => events.downgrade),
    sum(({ kills }) => kills),
    sum(({ differences }) => differences.length),
    sum(({ manualSteps }) => manualSteps),
    sum(({ questions }) => questions),
  ];
  return [
    '| | moments up | moments down | kills | differences | manual steps | questions (exit 4) |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...outcomes.map(rowOf),
    `| ${total.join(' | ')} |`,
  ].join('\n');
}

const program = await buildWorker();
try {
  const outcomes = (await Promise.all((['sqlite', 'postgresql', 'mysql'] as const).map(runDialect))).flat();
  const table = tableOf(outcomes);
  console.log(`\n${table}`);
  const text = readFileSync(page, 'utf8');
  const [before = ''] = text.split(marks.begin);
  const after = text.split(marks.end)[1] ?? '\n';
  writeFileSync(page, `${before}${marks.begin}\n\n${table}\n\n${marks.end}${after}`);
  const surprising = outcomes.filter(({ scenario, questions }) => questions > 0 && scenario.unsettleable !== true);
  if (surprising.length > 0 || outcomes.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
} finally {
  program.remove();
}
