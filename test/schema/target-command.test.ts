import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { configAt, type ConfigLocation } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { liveProject, revisionSource } from '../commands/live-project.ts';
import { directoryOf, fileExists, start } from '../end-to-end/project.ts';
import { describeOnEveryDialect } from '../servers.ts';

const sql = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20)); CREATE INDEX by_name ON users (name);';

await describeOnEveryDialect('a target that a command prints', (dialect) => {
  test('is what the command printed, run by a shell or by itself', async () => {
    const { url } = await liveProject(dialect, {});
    const directory = projectWith('node export.js | cat', { 'export.js': `console.log(${JSON.stringify(sql)})` });
    const config = configAt({ cwd: directory, url });

    await autogenerate(config, { message: 'users' });
    await upgrade(config, 'head');

    expect((await check(config)).changes).toEqual([]);
    expect((await check(inOther(directory, ['node', 'export.js'], url))).changes).toEqual([]);
  });

  test('is told with the line of its SQL that the database refuses', async () => {
    const { url } = await liveProject(dialect, {});
    const directory = projectWith(`printf 'CREATE TABLE a (id INTEGER);\\n\\nCREATE TABEL b (id INTEGER);'`);

    expect(await refusal(configAt({ cwd: directory, url }))).toMatchObject({
      code: 'schema.unreadable',
      where: expect.stringMatching(/^the output of "printf .*:3$/) as unknown,
    });
  });
});

test('a command is not run for a database that the target cannot be compared with', async () => {
  const directory = projectWith('touch ran', { 'versions/a.mjs': revisionSource('a', null, '') });
  const pending = configAt({ cwd: directory });
  const unreachable = configAt({ cwd: directory, url: 'postgresql://127.0.0.1:1/none' });

  for (const compare of [check, autogenerate]) {
    await expect(compare(pending)).rejects.toMatchObject({ code: 'database.not-at-head' });
    await expect(compare(unreachable)).rejects.toMatchObject({ code: 'database.unreachable' });
  }
  expect(existsSync(join(directory, 'ran'))).toBe(false);
});

test('a command that fails, prints nothing, takes too long or is not there is told with all it said', async () => {
  const said = async (target: unknown): Promise<string> => {
    const error = await refusal(configAt({ cwd: projectWith(target) }));
    return `${error.message} | ${error.where}`;
  };

  expect(await said("echo 'no such model' >&2; exit 3")).toMatch(/ended with exit code 3\.\n {2}no such model \| echo/);
  expect(await said('true')).toBe('The command of the target printed nothing. | true');
  expect(await said({ command: 'sleep 60', timeout: '100ms' })).toBe(
    'The command of the target was ended: it took longer than 0.1 s. | sleep 60',
  );
  expect(await said({ command: ['no-such-program', 'x'] })).toMatch(
    /could not be started: .*ENOENT.* \| no-such-program x/,
  );
  expect(await said('kill -9 $$')).toMatch(/was ended by SIGKILL/);
});

test('what a failed command says is told without the passwords in it', async () => {
  const directory = projectWith(`echo 'cannot reach postgresql://me:hunter2@host/app' >&2; exit 1`);
  const error = await refusal(configAt({ cwd: directory }));

  expect(`${error.message} ${error.where} ${JSON.stringify(error.facts)}`).not.toContain('hunter2');
  expect(error.message).toContain('postgresql://me:***@host/app');
});

test('a password of the database is masked wherever the command itself is named', async () => {
  const given = `sh -c 'echo "$0" >&2; exit 3' hunter2secret`;
  for (const target of [given, { command: ['no-such-program-hunter2secret'] }, "printf 'nonsense;' # hunter2secret"]) {
    const config = configAt({ cwd: projectWith(target), x: ['password=hunter2secret'] });
    const error = await refusal(config);
    expect(`${error.message} ${error.where} ${JSON.stringify(error.facts)}`).not.toContain('hunter2');
    expect(error.where).toContain('***');
  }
});

/** Leaves a process behind that holds the output open, in a group of its own. */
const leave = `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { detached: true, stdio: 'inherit' });
writeFileSync('left', String(left.pid));
left.unref();
`;

test('what a command leaves behind holds up neither its output nor its timeout', async () => {
  const done = projectWith(
    { command: 'node leave.js', timeout: '60s' },
    { 'leave.js': `${leave}console.log(${JSON.stringify(sql)})` },
  );
  const late = projectWith({ command: 'node leave.js && sleep 600', timeout: '3s' }, { 'leave.js': leave });
  for (const directory of [done, late]) onTestFinished(() => endLeft(directory));

  expect((await check(configAt({ cwd: done }), { from: 'revisions' })).changes).toHaveLength(2);
  expect((await refusal(configAt({ cwd: late }))).message).toContain('took longer than 3 s');
});

test('a signal ends the command and what it has started', async () => {
  const directory = projectWith('sleep 300 & echo $! > pid.new; mv pid.new pid; wait');
  const { child, finished } = start(directory, ['check']);
  await fileExists(join(directory, 'pid'));
  const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));

  child.kill('SIGTERM');
  await finished;

  expect(child).toMatchObject({ exitCode: 1, signalCode: null });
  await gone(pid);
});

test('the signal of a program ends the command and what it has started', async () => {
  const directory = projectWith('sleep 300 & echo $! > pid.new; mv pid.new pid; wait');
  const stop = new AbortController();
  const checked = check(configAt({ cwd: directory }), { signal: stop.signal });
  const refused = expect(checked).rejects.toMatchObject({ code: 'migration.interrupted' });
  await fileExists(join(directory, 'pid'));
  const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));

  stop.abort();

  await refused;
  await gone(pid);
});

/** A project on SQLite whose target is this command. */
function projectWith(target: unknown, files: Readonly<Record<string, string>> = {}): string {
  const command = typeof target === 'string' ? { command: target } : target;
  return directoryOf({
    'package.json': '{ "type": "module" }',
    'migrate.config.json': JSON.stringify({ target: command }),
    'versions/.gitkeep': '',
    ...files,
  });
}

function endLeft(directory: string): void {
  const file = join(directory, 'left');
  if (existsSync(file)) process.kill(Number(readFileSync(file, 'utf8')));
}

/** The same project with its command as a list, in a configuration file of another directory. */
function inOther(directory: string, command: readonly string[], url: string): ConfigLocation {
  const other = directoryOf({
    'package.json': '{ "type": "module" }',
    'migrate.config.json': JSON.stringify({
      target: { command: command.map((word) => (word.endsWith('.js') ? join(directory, word) : word)) },
      versionLocations: [join(directory, 'versions')],
    }),
  });
  return configAt({ cwd: other, url });
}

async function refusal(config: ConfigLocation): Promise<AludelError> {
  const error: unknown = await check(config, { from: 'revisions' }).catch((thrown: unknown) => thrown);
  if (error instanceof AludelError) return error;
  throw new Error(`not refused: ${JSON.stringify(error)}`);
}

/** Waits until a process is no more, or only waits for its parent to hear of its end. */
async function gone(pid: number): Promise<void> {
  const stat = `/proc/${pid}/stat`;
  const isThere = (): boolean => {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
  };
  for (let waited = 0; isThere(); waited += 10) {
    if (waited > 10_000) throw new Error(`process ${pid} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
