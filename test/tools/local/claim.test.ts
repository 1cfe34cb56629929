import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../tools/aws/listen.ts';
import { claimFolder } from '../../../tools/local/claim.ts';

/** A folder that a run claims, whose console answers unless it was killed. */
const start = async ({ isKilled = false } = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'claim-'));
  const { url, close } = await listen(() => {}, 0);
  onTestFinished(close);
  const release = await claimFolder(directory, url);
  if (isKilled) await close();
  return { directory, url, release };
};

test('a second copy in the same folder is told in one line what to do', async () => {
  const { directory, url } = await start();
  await expect(claimFolder(directory, 'http://127.0.0.1:5000')).rejects.toThrow(
    new RegExp(`^${url} runs already .* LOCAL_DIRECTORY=\\S+ LOCAL_PORT=\\d+ npm start$`),
  );
});

test('a folder is free again after a run that ended, was killed, or left nonsense', async () => {
  const ended = await start();
  await ended.release();
  await claimFolder(ended.directory, ended.url);
  const killed = await start({ isKilled: true });
  await claimFolder(killed.directory, killed.url);
  await writeFile(join(killed.directory, 'run.json'), '{');
  await claimFolder(killed.directory, killed.url);
});
