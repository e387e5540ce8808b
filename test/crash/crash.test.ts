/** The short form of the crash kit; `npm run test:crash` kills at every moment. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isReachable } from './crash-database.ts';
import { interruptEverywhere, scenarios } from './interrupt.ts';
import { buildWorker, type WorkerProgram } from './run-worker.ts';

const share = 1 / 200;

describe('a run killed at any moment is finished by the next one', () => {
  let program: WorkerProgram;
  beforeAll(async () => {
    program = await buildWorker();
  });
  afterAll(() => program.remove());

  it.each(scenarios)('$name', { timeout: 180_000 }, async (scenario) => {
    expect(await isReachable(scenario.dialect), `no ${scenario.dialect} server answers`).toBe(true);
    const { differences, questions } = await interruptEverywhere(program, scenario, { share });
    expect(differences).toEqual([]);
    if (scenario.unsettleable !== true) expect(questions).toBe(0);
  });
});
