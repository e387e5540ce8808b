/** The short form of the crash kit; `npm run test:crash` kills at every moment. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEveryDialect } from '../servers.ts';
import { interruptEverywhere, scenarios } from './interrupt.ts';
import { buildWorker, type WorkerProgram } from './run-worker.ts';

await describeOnEveryDialect('a run killed at any moment is finished by the next one', (dialect) => {
  let program: WorkerProgram;
  beforeAll(async () => {
    program = await buildWorker();
  });
  afterAll(() => program.remove());

  it.each(scenarios.filter((scenario) => scenario.dialect === dialect))(
    '$name',
    { timeout: 180_000 },
    async (scenario) => {
      const { kills, cuts, differences, questions } = await interruptEverywhere(program, scenario, {
        everyNth: 300,
        atRandom: 1,
      });
      expect(differences).toEqual([]);
      expect(Math.min(kills.upgrade, kills.downgrade)).toBeGreaterThan(0);
      if (dialect !== 'sqlite') expect(cuts).toBeGreaterThan(0);
      if (scenario.unsettleable !== true) expect(questions).toBe(0);
    },
  );
});
