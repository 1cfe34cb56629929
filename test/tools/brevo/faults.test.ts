import { expect, test } from 'vitest';
import { createBrevo } from '../../../tools/brevo/brevo.ts';
import { simulatedBrevo } from './simulated-brevo.ts';

const hello = { visitorId: 'visitor-1', text: 'Hello' };
const messages = (length: number) =>
  expect.objectContaining({ json: expect.toSatisfy((list) => list.length === length) });

test('status: nothing is applied, and the answer is as ordered', async () => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/faults', [
    { kind: 'status', status: 503, headers: { 'x-sib-ratelimit-reset': '7' } },
  ]);
  const { status, json, headers } = await call('POST', '/pushedMessages', hello);
  expect({ status, json }).toEqual({ status: 503, json: { message: expect.stringContaining('503') } });
  expect(headers.get('x-sib-ratelimit-reset')).toBe('7');
  expect(headers.get('x-sib-ratelimit-remaining')).toBe('99');
  expect(await control('GET', '/messages')).toEqual(messages(0));
});

test('status-after: applied, then answered with an error', async () => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/faults', [
    { kind: 'status-after', status: 500, body: '<html>Oops', headers: { 'content-type': 'text/html' } },
  ]);
  const { status, text, headers } = await call('POST', '/pushedMessages', hello);
  expect([status, text, headers.get('content-type')]).toEqual([500, '<html>Oops', 'text/html']);
  expect(await control('GET', '/messages')).toEqual(messages(1));
  expect((await control('GET', '/requests')).json).toMatchObject([
    { status: 500, changed: 'created', fault: 'status-after' },
  ]);
});

test('a success can lose its body', async () => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/faults', [{ kind: 'status-after', status: 200 }]);
  expect(await call('POST', '/pushedMessages', hello)).toMatchObject({ status: 200, text: '' });
});

test.each([
  ['reset-before', 0],
  ['reset-after', 1],
])('%s: the connection is dropped with %i messages applied', async (kind, applied) => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/faults', [{ kind }]);
  await expect(call('POST', '/pushedMessages', hello)).rejects.toMatchObject({
    cause: { code: 'ECONNRESET' },
  });
  expect(await control('GET', '/messages')).toEqual(messages(applied));
  expect((await control('GET', '/requests')).json).toMatchObject([
    { status: null, changed: applied ? 'created' : null, fault: kind },
  ]);
  expect((await call('POST', '/pushedMessages', hello)).status).toBe(200);
});

/** A sleep that the test ends by hand. */
const handTimer = () => {
  const started = Promise.withResolvers<number>();
  const over = Promise.withResolvers<void>();
  return {
    started: started.promise,
    end: over.resolve,
    sleep: (ms: number) => {
      started.resolve(ms);
      return over.promise;
    },
  };
};

test('delay: applied at once, answered later', async () => {
  const timer = handTimer();
  const { call, control } = await simulatedBrevo({ sleep: timer.sleep });
  await control('POST', '/faults', [{ kind: 'delay', delayMs: 5000 }]);
  const answer = call('POST', '/pushedMessages', hello);
  expect(await timer.started).toBe(5000);
  expect(await control('GET', '/messages')).toEqual(messages(1));
  timer.end();
  expect((await answer).status).toBe(200);
});

test('late: applied only after the caller has given up', async () => {
  const timer = handTimer();
  const changes = { last: Promise.withResolvers<void>() };
  const { brevo, control } = await simulatedBrevo({
    sleep: timer.sleep,
    onChange: () => changes.last.resolve(),
  });
  await control('POST', '/faults', [{ kind: 'late', delayMs: 15_000 }]);
  const caller = new AbortController();
  const answer = fetch(`${brevo.baseUrl}/conversations/pushedMessages`, {
    method: 'POST',
    headers: { 'api-key': 'right-key', 'content-type': 'application/json' },
    body: JSON.stringify(hello),
    signal: caller.signal,
  });
  expect(await timer.started).toBe(15_000);
  caller.abort();
  await expect(answer).rejects.toThrow('aborted');
  expect(await control('GET', '/messages')).toEqual(messages(0));
  expect((await control('GET', '/requests')).json).toMatchObject([{ status: null, changed: null }]);

  changes.last = Promise.withResolvers<void>();
  timer.end();
  await changes.last.promise;
  expect(await control('GET', '/messages')).toEqual(messages(1));
  expect((await control('GET', '/requests')).json).toMatchObject([
    { status: 200, changed: 'created', fault: 'late' },
  ]);
});

test('what is late when the account is reset does not reach the new one', () => {
  const brevo = createBrevo({ apiKey: 'k', now: () => 0, random: Math.random });
  const send = (path: string, body: unknown) =>
    brevo.handle({
      method: 'POST',
      path,
      headers: { 'api-key': 'k', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  send('/control/faults', [{ kind: 'late', delayMs: 1000 }]);
  const { delayMs, complete } = send('/v3/conversations/pushedMessages', hello);
  expect(delayMs).toBe(1000);
  send('/control/reset', undefined);
  expect(complete()).toMatchObject({ status: 200 });
  expect(brevo.snapshot().messages).toEqual([]);
});

test('faults hit what they match, in their order, as often as they say', async () => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/faults', [
    { match: { method: 'delete', path: '/messages/*x' }, times: 2, kind: 'status', status: 500 },
    { match: { path: 'pushedMessages', body: 'visitor-2' }, kind: 'status', status: 502 },
    { match: { method: 'DELETE' }, kind: 'status', status: 504 },
  ]);
  const statuses = [];
  for (const [method, path, body] of [
    ['GET', '/messages/x'],
    ['DELETE', '/messages/y'],
    ['DELETE', '/messages/y'],
    ['DELETE', '/messages/y/x'],
    ['DELETE', '/messages/x'],
    ['DELETE', '/messages/x'],
    ['POST', '/pushedMessages', hello],
    ['POST', '/pushedMessages', { ...hello, visitorId: 'visitor-2' }],
  ] as const) {
    statuses.push((await call(method, path, body)).status);
  }
  expect(statuses).toEqual([404, 504, 404, 500, 500, 404, 200, 502]);
  expect((await control('GET', '/faults')).json).toEqual([]);
});

test('a fault does not get past authentication or the limit', async () => {
  const { call, control } = await simulatedBrevo({ limit: { limit: 0 } });
  await control('POST', '/faults', [{ kind: 'status', status: 503, times: 2 }]);
  expect((await call('GET', '/messages/x', undefined, { 'api-key': 'wrong' })).status).toBe(401);
  expect((await call('GET', '/messages/x')).status).toBe(429);
});

test.each([
  ['no-code', '{"message":"Message not found"}'],
  ['html', '<html><body><h1>404</h1></body></html>'],
  ['empty', ''],
])('error bodies can be %s', async (errorBody, text) => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/switches', { errorBody });
  expect(await call('GET', '/messages/x')).toMatchObject({ status: 404, text });
});
