import { expect, test } from 'vitest';
import { idOf, liz, sales, simulatedBrevo, tom } from './simulated-brevo.ts';

const shipped = { visitorId: 'visitor-1', text: 'Your order has shipped!' };

test('a pushed message is marked as one and signed by an agent', async () => {
  const { call, clock } = await simulatedBrevo();
  expect(await call('POST', '/pushedMessages', shipped)).toMatchObject({
    status: 200,
    json: {
      ...shipped,
      type: 'agent',
      html: shipped.text,
      isPushed: true,
      createdAt: clock.now,
      agentId: expect.any(String),
    },
  });
});

test('the agent is the one named, one of the group, or drawn at random', async () => {
  const { call } = await simulatedBrevo();
  const signedBy = async (who: object) =>
    (await call('POST', '/pushedMessages', { ...shipped, ...who })).json;
  expect(await signedBy({ agentId: liz.id })).toMatchObject({ agentId: liz.id });
  expect(await signedBy({ groupId: sales.id })).toMatchObject({ agentId: tom.id });
  expect(await signedBy({ groupId: sales.id, agentId: liz.id })).toMatchObject({ agentId: liz.id });

  const drawn = await Promise.all(Array.from({ length: 20 }, () => signedBy({})));
  for (const agentId of [liz.id, tom.id]) {
    expect(drawn).toContainEqual(expect.objectContaining({ agentId }));
  }
});

test.each([
  ['no visitorId', { text: 'x' }, 'missing_parameter', 'visitorId'],
  ['no text', { visitorId: 'v' }, 'missing_parameter', 'text'],
  ['an unknown agent', { ...shipped, agentId: 'nobody' }, 'invalid_parameter', 'agentId'],
  ['an unknown group', { ...shipped, groupId: 'nothing' }, 'invalid_parameter', 'groupId'],
  ['an empty group', { ...shipped, groupId: 'empty' }, 'invalid_parameter', 'groupId'],
  ['a groupId that is no string', { ...shipped, groupId: null }, 'invalid_parameter', 'groupId'],
])('%s is refused with 400', async (_, body, code, named) => {
  const { call } = await simulatedBrevo({ groups: [{ id: 'empty', agentIds: [] }] });
  expect(await call('POST', '/pushedMessages', body)).toMatchObject({
    status: 400,
    json: { code, message: expect.stringContaining(named) },
  });
});

test('a pushed message can be read, edited and deleted, once', async () => {
  const { call, push } = await simulatedBrevo();
  const path = `/pushedMessages/${await push('first')}`;
  expect((await call('GET', path)).json).toMatchObject({ text: 'first', isPushed: true });
  expect(await call('PUT', path, { text: 'second' })).toMatchObject({
    status: 200,
    json: { html: 'second' },
  });
  expect(await call('PUT', path, {})).toMatchObject({ status: 400, json: { code: 'missing_parameter' } });
  expect((await call('GET', path)).json).toMatchObject({ text: 'second' });
  expect((await call('DELETE', path)).status).toBe(204);
  for (const method of ['GET', 'DELETE']) expect((await call(method, path)).status).toBe(404);
  expect((await call('PUT', path, { text: 'third' })).status).toBe(404);
});

test('the two collections are apart, unless a switch lets pushed ids work on /messages', async () => {
  const { call, control, push } = await simulatedBrevo();
  const pushed = await push();
  const sent = idOf(await call('POST', '/messages', { ...shipped, agentId: liz.id }));
  expect((await call('GET', `/pushedMessages/${sent}`)).status).toBe(404);
  expect((await call('PUT', `/messages/${pushed}`, { text: 'x' })).status).toBe(404);

  await control('POST', '/switches', { pushedIdsOnMessages: true });
  expect(await call('PUT', `/messages/${pushed}`, { text: 'x' })).toMatchObject({
    status: 200,
    json: { text: 'x', isPushed: true },
  });
  expect((await call('DELETE', `/messages/${pushed}`)).status).toBe(204);
});

test('a second DELETE can be made to answer 204, and unknown visitors be refused', async () => {
  const { call, push } = await simulatedBrevo({
    switches: { secondDelete: 204, knownVisitors: ['visitor-1'] },
  });
  const path = `/pushedMessages/${await push()}`;
  for (const status of [204, 204]) expect((await call('DELETE', path)).status).toBe(status);
  expect((await call('DELETE', '/pushedMessages/never-seen')).status).toBe(404);
  expect((await call('POST', '/pushedMessages', { ...shipped, visitorId: 'stranger' })).status).toBe(400);
});

test('an account without agents pushes messages that nobody signs', async () => {
  const { call } = await simulatedBrevo({ agents: [], groups: [] });
  const { status, json } = await call('POST', '/pushedMessages', shipped);
  expect(status).toBe(200);
  expect(json).not.toHaveProperty('agentId');
});
