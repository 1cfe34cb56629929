import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { createBrevo } from '../../../tools/brevo/brevo.ts';
import { startBrevo } from '../../../tools/brevo/server.ts';
import { liz, simulatedBrevo } from './simulated-brevo.ts';

test('a restart goes on with its data, presence and counts', async () => {
  const first = await simulatedBrevo();
  const id = await first.push('first');
  await first.call('POST', '/agentOnlinePing', {
    agentEmail: 'n@example.com',
    agentName: 'N',
    receivedFrom: 's',
  });
  const saved: unknown = JSON.parse(JSON.stringify(first.brevo.snapshot()));
  await first.brevo.close();

  const second = await simulatedBrevo();
  second.brevo.restore(saved);
  const { json, headers } = await second.call('GET', `/pushedMessages/${id}`);
  expect(json).toMatchObject({ text: 'first' });
  expect(headers.get('x-sib-ratelimit-remaining')).toBe('97');
  expect((await second.control('GET', '/agents')).json).toMatchObject([{}, {}, { name: 'N', online: true }]);
});

test('a snapshot does not change afterwards, and nonsense is not restored', async () => {
  const { brevo, call, push } = await simulatedBrevo();
  const id = await push('first');
  const saved = brevo.snapshot();
  await call('PUT', `/pushedMessages/${id}`, { text: 'second' });
  expect(saved.messages).toMatchObject([{ text: 'first', history: [{ text: 'first' }] }]);
  expect(() => brevo.restore({ messages: [{ id }] })).toThrow();
  expect((await call('GET', `/pushedMessages/${id}`)).json).toMatchObject({ text: 'second' });
});

test('onChange is called after each request that may have changed something', async () => {
  let changes = 0;
  const { push, control } = await simulatedBrevo({ onChange: () => (changes += 1) });
  await push();
  expect(changes).toBe(1);
  await control('GET', '/messages');
  expect(changes).toBe(1);
  await control('POST', '/reset');
  expect(changes).toBe(2);
});

test('the same clock and the same random numbers give the same ids', async () => {
  const one = await simulatedBrevo();
  const two = await simulatedBrevo();
  expect(await one.push()).toBe(await two.push());
  expect(await one.push()).not.toBe(await one.push());
});

test('random numbers that repeat themselves end in an error, not in one id for two messages', () => {
  const brevo = createBrevo({ apiKey: 'k', now: () => 0, random: () => 0.5 });
  const post = () =>
    brevo.handle({
      method: 'POST',
      path: '/v3/conversations/pushedMessages',
      headers: { 'api-key': 'k', 'content-type': 'application/json' },
      body: '{"visitorId":"v","text":"t"}',
    });
  expect(post().complete()).toMatchObject({ status: 200 });
  expect(post).toThrow('repeats itself');
});

test('without agents of its own the account has the ones of the examples', async () => {
  const brevo = await startBrevo({ port: 0, apiKey: 'right-key' });
  const agents = await fetch(`${brevo.url}/control/agents`);
  expect(await agents.json()).toMatchObject([{ id: liz.id, online: false }]);
  await brevo.close();
});

test('a body beyond a megabyte is refused with 413, one just below is taken', async () => {
  const { call } = await simulatedBrevo();
  const send = (length: number) =>
    call('POST', '/pushedMessages', { visitorId: 'v', text: 'x'.repeat(length) });
  expect((await send(2_000_000)).status).toBe(413);
  expect((await send(900_000)).status).toBe(200);
});

test('text in any script survives, and is measured in characters that may span packets', async () => {
  const { call } = await simulatedBrevo();
  const text = '🚚 Ihre Bestellung ist unterwegs – naïve 雪 '.repeat(5000);
  expect((await call('POST', '/pushedMessages', { visitorId: 'v', text })).json).toMatchObject({ text });
});

/** Sends bytes as they are and gives all that comes back until the connection ends. */
const raw = async (port: number, bytes: string, { hangUp = false } = {}): Promise<string> => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let received = '';
  socket.on('data', (data: string) => {
    received += data;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(bytes, () => {
    if (hangUp) socket.resetAndDestroy();
  });
  await closed;
  return received;
};

test('malformed HTTP, strange targets and callers who hang up do it no harm', async () => {
  const { brevo, call } = await simulatedBrevo();
  const start = 'POST /v3/conversations/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{"visi';
  expect(await raw(brevo.port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
  expect(await raw(brevo.port, start, { hangUp: true })).toBe('');
  const get = (target: string) =>
    raw(brevo.port, `GET ${target} HTTP/1.1\r\nhost: localhost:${brevo.port}\r\nconnection: close\r\n\r\n`);
  expect(await get('//evil/v3')).toMatch(/^HTTP\/1\.1 401/);
  expect(await get('http://[/')).toMatch(/^HTTP\/1\.1 401/);
  expect(await get('/control/messages?visitorId=%')).toMatch(/^HTTP\/1\.1 200/);
  expect((await call('GET', '/messages/x')).status).toBe(404);
});

test('closing drops what is still delayed', async () => {
  const { brevo, call, control } = await simulatedBrevo();
  await control('POST', '/faults', [{ kind: 'late', delayMs: 3_600_000 }]);
  const dropped = expect(call('POST', '/pushedMessages', { visitorId: 'v', text: 't' })).rejects.toThrow();
  while (brevo.snapshot().counts.account === undefined) await new Promise(setImmediate);
  await brevo.close();
  await dropped;
  expect(brevo.snapshot().messages).toEqual([]);
});

test('a port that is taken is reported as such', async () => {
  const { brevo } = await simulatedBrevo();
  await expect(startBrevo({ port: brevo.port, apiKey: 'k' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
