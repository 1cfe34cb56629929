import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { choosePorts } from '../../tools/local/ports.ts';
import { freeBase, newDirectory, root, runLocally, untilHealthy } from '../support/local-run.ts';

test('what was taken is there after a kill, on the same ports at once', async () => {
  const base = await freeBase();
  const directory = await newDirectory();
  const { httpApi, brevo, queues } = choosePorts({ LOCAL_PORT: String(base) });
  const read = async (url: string) => {
    const response = await fetch(url, { headers: { authorization: 'Bearer local-token' } });
    return response.json();
  };
  const stands = async () => ({
    notice: await read(`http://127.0.0.1:${httpApi}/notices/order:1001`),
    chat: await read(`http://127.0.0.1:${brevo}/control/messages`),
    deadLetters: await read(
      `http://127.0.0.1:${queues}/_fauxqs/queues/conversations-bridge-local-DeadLetterQueue`,
    ),
  });
  const shows = {
    notice: { state: 'settled' },
    chat: [{ text: expect.stringContaining('#1001') }],
    deadLetters: { messages: { ready: [{ body: expect.stringContaining('teleported') }] } },
  };

  const first = await runLocally(base, directory);
  await untilHealthy(base, first.child);
  for (const name of ['order-shipped', 'wrong-status']) {
    const file = `events/push-message.${name}.json`;
    await promisify(execFile)(process.execPath, ['tools/send.ts', file], {
      cwd: root,
      env: { ...process.env, LOCAL_PORT: String(base) },
    });
  }
  await vi.waitFor(async () => expect(await stands()).toMatchObject(shows), 10_000);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await runLocally(base, directory);
  await untilHealthy(base, second.child);
  expect(await stands()).toMatchObject(shows);
});
