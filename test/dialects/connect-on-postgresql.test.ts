import { userInfo } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase, describeOn } from '../servers.ts';
import { directoryOf, start } from '../end-to-end/project.ts';

await describeOn('postgresql', 'connecting', () => {
  it('is done as the user of the operating system where neither the URL nor the environment names one', async () => {
    const database = await createDatabase('postgresql');
    onTestFinished(() => database.drop());
    const url = new URL(database.url);
    const { username } = url;
    url.username = '';
    const directory = directoryOf({ 'versions/.keep': '' });
    const nobody = { env: { USER: '', USERNAME: '', PGUSER: '', PGPASSWORD: decodeURIComponent(url.password) } };
    url.password = '';
    const run = await start(directory, ['current', '--url', url.href], nobody).finished;
    const { username: system } = userInfo();
    if (username === system)
      expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('at base') as unknown });
    else expect(run.stderr).toContain(`"${system}"`);
  });
});
