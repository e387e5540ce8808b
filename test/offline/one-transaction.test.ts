import { expect, it, onTestFinished } from 'vitest';
import { describeOn } from '../servers.ts';
import { runScript } from '../support/run-script.ts';
import { openShop } from './shop.ts';
import { createTwins, expectAlike, runWell, type Twins } from './twins.ts';

const all = ['--transaction-mode', 'all'] as const;

for (const dialect of ['sqlite', 'postgresql'] as const) {
  await describeOn(dialect, 'a script in one transaction', () => {
    const twinsOf = async (): Promise<Twins> => {
      const twins = await createTwins(dialect);
      onTestFinished(() => twins.drop());
      return twins;
    };

    it.each([[[]], [['--idempotent']]])('does what the live run does, up and down, with %j', async (more) => {
      const shop = openShop(dialect);
      const twins = await twinsOf();
      const { live, scripted } = twins;
      await shop.succeed(live, 'upgrade', 'head', ...all);
      await runWell(scripted, await shop.script('upgrade', 'head', ...all, ...more));
      await expectAlike(twins, 'up');
      await shop.succeed(live, 'downgrade', 'a1', ...all);
      await runWell(scripted, await shop.script('downgrade', 'c3:a1', ...all, ...more));
      await expectAlike(twins, 'down');
    });

    it('leaves nothing of any revision when one of them fails, and can be run again', async () => {
      const shop = openShop(dialect);
      const { live, scripted } = await twinsOf();
      for (const more of [[], ['--idempotent']]) {
        const script = await shop.script('upgrade', 'head', ...all, ...more);
        await scripted.query('CREATE TABLE orders (other INTEGER)');
        expect((await runScript(scripted, script)).stderr).toContain('orders');
        expect(await scripted.query('SELECT * FROM aludel_version')).toEqual([]);
        await expect(scripted.query('SELECT * FROM account')).rejects.toThrow('account');
        await scripted.query('DROP TABLE orders');
        await runWell(scripted, script);
        await runWell(scripted, await shop.script('downgrade', 'c3:base'));
      }
      await shop.succeed(live, 'upgrade', 'head', ...all);
      await runWell(scripted, await shop.script('upgrade', 'head', ...all));
      expect(await scripted.state()).toEqual(await live.state());
    });
  });
}

await describeOn('mysql', 'a script in one transaction', () => {
  it('is refused, as the live run is', async () => {
    const shop = openShop('mysql');
    const { live } = await createTwins('mysql').then((twins) => {
      onTestFinished(() => twins.drop());
      return twins;
    });
    const refused = await shop.run(live, 'upgrade', 'head', ...all);
    const written = await shop.run(live, 'upgrade', 'base:head', '--sql', ...all);
    expect({ code: written.code, stdout: written.stdout }).toEqual({ code: refused.code, stdout: '' });
    expect(written.stderr).toBe(refused.stderr);
  });
});
