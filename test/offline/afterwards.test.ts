import { expect, it, onTestFinished } from 'vitest';
import { describeOnEveryDialect } from '../servers.ts';
import { openShop } from './shop.ts';
import { createTwins, runWell } from './twins.ts';

await describeOnEveryDialect('after a script', (dialect) => {
  it('everything goes on as after a live run', async () => {
    const shop = openShop(dialect);
    const twins = await createTwins(dialect);
    onTestFinished(() => twins.drop());
    const { live, scripted } = twins;
    await shop.succeed(live, 'upgrade', 'b2');
    await runWell(scripted, await shop.script('upgrade', 'b2'));
    const told = async (...args: readonly string[]): Promise<string> => {
      const [expected, answer] = [live, scripted].map(async (database) =>
        (await shop.succeed(database, ...args)).stdout.replaceAll(database.url, 'DATABASE'),
      );
      expect(await answer, args.join(' ')).toBe(await expected);
      return (await answer) ?? '';
    };
    expect(await told('current')).toContain('b2');
    expect(await told('verify')).toContain('2');
    const { stdout } = await shop.succeed(scripted, 'log', '--json');
    const { entries } = JSON.parse(stdout) as { readonly entries: readonly Readonly<Record<string, unknown>>[] };
    // The newest first.
    expect(entries.filter(({ event }) => event === 'applied')).toMatchObject([
      { revision: 'b2', direction: 'upgrade', message: 'add a level' },
      { revision: 'a1', direction: 'upgrade', message: 'create account' },
    ]);
    await told('upgrade', 'head');
    expect(await scripted.state()).toEqual(await live.state());
    await told('downgrade', 'b2');
    await runWell(scripted, await shop.script('downgrade', 'b2:base'));
    await shop.succeed(live, 'downgrade', 'base');
    expect(await scripted.state()).toEqual(await live.state());
    expect(await scripted.journal()).toEqual(await live.journal());
  });

  it('stamp and ensure_version have done what they do live', async () => {
    const shop = openShop(dialect);
    const twins = await createTwins(dialect);
    onTestFinished(() => twins.drop());
    const { live, scripted } = twins;
    await shop.succeed(live, 'ensure_version');
    await runWell(scripted, await shop.script('ensure_version'));
    expect(await scripted.state()).toEqual(await live.state());
    await shop.succeed(live, 'stamp', 'b2');
    await runWell(scripted, await shop.script('stamp', 'b2'));
    expect(await scripted.state()).toEqual(await live.state());
    expect(await scripted.journal()).toEqual(await live.journal());
  });
});
