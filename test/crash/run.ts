/**
 * The whole crash kit: `npm run test:crash [-- minutes]`. Prints the tables of results and writes them into
 * docs/reliability.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { absenceOf, dialectNames } from '../servers.ts';
import { interruptEverywhere, places, scenarios, type Outcome } from './interrupt.ts';
import { buildWorker } from './run-worker.ts';

const minutes = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const until = Date.now() + minutes * 60_000;
const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const marks = { begin: '<!-- crash results -->', end: '<!-- end of crash results -->' };

/** Reruns after kills at random times, in each scenario and direction. */
const atRandom = 15;

/** The dialects side by side; the scenarios of one dialect share what time there is. */
async function runDialect(dialect: Outcome['scenario']['dialect']): Promise<readonly Outcome[]> {
  const absent = await absenceOf(dialect);
  if (absent !== null) throw new Error(absent);
  const mine = scenarios.filter((scenario) => scenario.dialect === dialect);
  const outcomes: Outcome[] = [];
  for (const [index, scenario] of mine.entries()) {
    const left = (until - Date.now()) / (mine.length - index);
    const outcome = await interruptEverywhere(program, scenario, { everyNth: 1, atRandom, until: Date.now() + left });
    console.log(rowOf(outcome));
    for (const text of outcome.differences) console.log(text);
    outcomes.push(outcome);
  }
  return outcomes;
}

function lineOf(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function rowOf({ scenario, kills, cuts, differences, manualSteps, questions }: Outcome): string {
  return lineOf([scenario.name, kills.upgrade, kills.downgrade, cuts, differences.length, manualSteps, questions]);
}

function sumOf(outcomes: readonly Outcome[], count: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + count(outcome), 0);
}

function scenarioTable(outcomes: readonly Outcome[]): string {
  const total = [
    '**all**',
    sumOf(outcomes, ({ kills }) => kills.upgrade),
    sumOf(outcomes, ({ kills }) => kills.downgrade),
    sumOf(outcomes, ({ cuts }) => cuts),
    sumOf(outcomes, ({ differences }) => differences.length),
    sumOf(outcomes, ({ manualSteps }) => manualSteps),
    sumOf(outcomes, ({ questions }) => questions),
  ];
  return [
    '| | upgrades killed | downgrades killed | connections cut | differences | manual steps | questions (exit 4) |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...outcomes.map(rowOf),
    lineOf(total),
  ].join('\n');
}

function placeTable(outcomes: readonly Outcome[]): string {
  const strikesAt = (place: string) =>
    dialectNames.map((dialect) =>
      sumOf(
        outcomes.filter(({ scenario }) => scenario.dialect === dialect),
        (outcome) => outcome.strikesAt.get(place) ?? 0,
      ),
    );
  return [
    '| killed or cut | SQLite | PostgreSQL | MariaDB |',
    '| --- | ---: | ---: | ---: |',
    ...places.map((place) => lineOf([place, ...strikesAt(place)])),
  ].join('\n');
}

const program = await buildWorker();
try {
  const outcomes = (await Promise.all(dialectNames.map(runDialect))).flat();
  const tables = `${scenarioTable(outcomes)}\n\n${placeTable(outcomes)}`;
  console.log(`\n${tables}`);
  const text = readFileSync(page, 'utf8');
  const [before = ''] = text.split(marks.begin);
  const after = text.split(marks.end)[1] ?? '\n';
  writeFileSync(page, `${before}${marks.begin}\n\n${tables}\n\n${marks.end}${after}`);
  const surprising = outcomes.some(({ scenario, questions }) => questions > 0 && scenario.unsettleable !== true);
  if (surprising || outcomes.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
} finally {
  program.remove();
}
