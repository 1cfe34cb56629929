import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulatedBrevo } from '../../../tools/local/simulated-brevo.ts';

type Config = Parameters<typeof startSimulatedBrevo>[0]['config'];

const start = async (file: string, config: Config = { sender: {}, presence: { agents: [] } }) => {
  const brevo = await startSimulatedBrevo({ port: 0, apiKey: 'key', file, config });
  onTestFinished(brevo.close);
  return brevo;
};

const newFile = async () => join(await mkdtemp(join(tmpdir(), 'local-brevo-')), 'brevo.json');

const push = (baseUrl: string, body: object) =>
  fetch(`${baseUrl}/conversations/pushedMessages`, {
    method: 'POST',
    headers: { 'api-key': 'key', 'content-type': 'application/json' },
    body: JSON.stringify({ visitorId: 'v', text: 'hello', ...body }),
  });

test('messages outlive a restart', async () => {
  const file = await newFile();
  const first = await start(file);
  expect((await push(first.baseUrl, {})).ok).toBe(true);
  await first.close();

  const second = await start(file);
  const response = await fetch(`${second.url}/control/messages?visitorId=v`);
  expect(JSON.stringify(await response.json())).toContain('hello');
});

test('messages outlive a kill from the moment of the answer', async () => {
  const file = await newFile();
  const first = await start(file);
  await push(first.baseUrl, {});
  await cp(file, `${file}.left`);
  const second = await start(`${file}.left`);
  const response = await fetch(`${second.url}/control/messages?visitorId=v`);
  expect(JSON.stringify(await response.json())).toContain('hello');
});

test('the agents and the group of the configuration exist', async () => {
  const config: Config = { sender: { groupId: 'g1' }, presence: { agents: [{ agentId: 'a1', shifts: [] }] } };
  const { baseUrl } = await start(await newFile(), config);
  expect((await push(baseUrl, { agentId: 'a1' })).ok).toBe(true);
  expect((await push(baseUrl, { groupId: 'g1' })).ok).toBe(true);
});

test('a state that cannot be read is named', async () => {
  const file = await newFile();
  await writeFile(file, '{');
  await expect(start(file)).rejects.toThrow(file);
});
