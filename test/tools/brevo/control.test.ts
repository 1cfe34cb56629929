import { expect, test } from 'vitest';
import { liz, simulatedBrevo } from './simulated-brevo.ts';

test('messages are shown with their edits and deletion, and by visitor', async () => {
  const { call, control, clock, push } = await simulatedBrevo();
  const posted = clock.now;
  const id = await push('first', 'visitor-1');
  await call('POST', '/messages', { visitorId: 'visitor-2', text: 'other', agentId: liz.id });
  clock.now += 1000;
  await call('PUT', `/pushedMessages/${id}`, { text: 'second' });
  clock.now += 1000;
  await call('DELETE', `/pushedMessages/${id}`);

  expect((await control('GET', '/messages?visitorId=visitor-1')).json).toEqual([
    {
      id,
      visitorId: 'visitor-1',
      kind: 'pushed',
      text: 'second',
      createdAt: posted,
      agentId: expect.any(String),
      receivedFrom: null,
      history: [
        { at: posted, text: 'first' },
        { at: posted + 1000, text: 'second' },
      ],
      deletedAt: posted + 2000,
    },
  ]);
  expect((await control('GET', '/messages')).json).toMatchObject([
    { id },
    { kind: 'agent', deletedAt: null },
  ]);
});

test('requests are recorded with what they changed', async () => {
  const { call, control, clock, push } = await simulatedBrevo();
  const id = await push();
  await call('PUT', `/pushedMessages/${id}`, { text: 'x' });
  await call('GET', `/pushedMessages/${id}?a=b`);
  await call('DELETE', `/pushedMessages/${id}`);
  await call('POST', '/agentOnlinePing', { agentId: liz.id });
  await call('POST', '/agentOnlinePing', {});
  const path = `/v3/conversations/pushedMessages/${id}`;
  const ping = '/v3/conversations/agentOnlinePing';
  const record = (fields: object) => ({
    time: clock.now,
    fault: null,
    changed: null,
    target: null,
    ...fields,
  });
  expect((await control('GET', '/requests')).json).toEqual([
    record({
      method: 'POST',
      path: '/v3/conversations/pushedMessages',
      status: 200,
      changed: 'created',
      target: id,
    }),
    record({ method: 'PUT', path, status: 200, changed: 'updated', target: id }),
    record({ method: 'GET', path, status: 200 }),
    record({ method: 'DELETE', path, status: 204, changed: 'deleted', target: id }),
    record({ method: 'POST', path: ping, status: 201, changed: 'pinged', target: liz.id }),
    record({ method: 'POST', path: ping, status: 400 }),
  ]);
});

test('a reset brings back the account as it started', async () => {
  const { call, control, push } = await simulatedBrevo({ limit: { limit: 50 } });
  await push();
  await call('POST', '/agentOnlinePing', { agentEmail: 'n@example.com', agentName: 'N', receivedFrom: 's' });
  await control('POST', '/limit', { limit: 1 });
  await control('POST', '/switches', { ipRestricted: true });
  await control('POST', '/faults', [{ kind: 'reset-before' }]);

  expect((await control('POST', '/reset')).status).toBe(204);
  for (const list of ['/messages', '/requests', '/faults'])
    expect((await control('GET', list)).json).toEqual([]);
  expect((await control('GET', '/agents')).json).toHaveLength(2);
  const { status, headers } = await call('GET', '/messages/x');
  expect([status, headers.get('x-sib-ratelimit-remaining')]).toEqual([404, '49']);
});

test('a change of the limit keeps what it does not name, and what was counted', async () => {
  const { call, control, push } = await simulatedBrevo();
  await push();
  const { json } = await control('POST', '/limit', { limit: 10, kind: 'sliding' });
  expect(json).toEqual({ limit: 10, windowSeconds: 3600, kind: 'sliding', scope: 'account' });
  expect((await call('GET', '/messages/x')).headers.get('x-sib-ratelimit-remaining')).toBe('8');
});

test.each([
  ['DELETE', undefined],
  ['POST', []],
])('%s clears the faults', async (method, body) => {
  const { call, control } = await simulatedBrevo();
  await control('POST', '/faults', [{ kind: 'reset-before' }]);
  await control(method, '/faults', body);
  expect((await call('GET', '/messages/x')).status).toBe(404);
});

test.each([
  ['/limit', { limit: -1, kind: 'hourly', size: 3 }, ['limit', 'kind', 'size']],
  ['/limit', 'nonsense', ['body']],
  ['/limit', [5], ['body']],
  ['/switches', { errorBody: 'xml', ipRestricted: 'yes' }, ['errorBody', 'ipRestricted']],
  ['/faults', [{ kind: 'explode' }], ['0.kind']],
  ['/faults', [{ kind: 'status' }], ['0.status']],
  ['/faults', [{ kind: 'late', times: 0 }], ['0.delayMs', '0.times']],
  ['/faults', [{ kind: 'reset-after', match: { url: '/x' } }], ['0.match', 'url']],
  ['/faults', [{ kind: 'status', status: 500, headers: { 'a b': 'c' } }], ['0.headers']],
  ['/faults', [{ kind: 'status', status: 500, headers: { a: 'x\ny' } }], ['0.headers.a']],
  ['/faults', { kind: 'reset-after' }, ['body']],
  ['/messages', { text: 'Hi' }, ['visitorId']],
])('%s refuses %j and names the fields', async (path, body, named) => {
  const { control } = await simulatedBrevo();
  const { status, json } = await control('POST', path, body);
  expect(status).toBe(400);
  for (const field of named) {
    expect(json).toMatchObject({ code: 'invalid_parameter', message: expect.stringContaining(field) });
  }
});

test('the control API needs no key, is not counted, and says when there is no such thing', async () => {
  const { call, control } = await simulatedBrevo({ limit: { limit: 1 } });
  expect(await control('GET', '/nothing')).toMatchObject({
    status: 404,
    json: { message: 'the control API has no GET /control/nothing' },
  });
  expect((await control('GET', '')).status).toBe(404);
  expect((await control('GET', '/requests')).json).toEqual([]);
  expect((await call('GET', '/messages/x')).headers.get('x-sib-ratelimit-remaining')).toBe('0');
});
