import { expect, test } from 'vitest';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import { NotFound, NotSent } from '../../../lib/brevo/errors.ts';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { liz, sales, simulatedBrevo, tom } from '../../tools/brevo/simulated-brevo.ts';
import { answering, clientOf, failureOf } from './servers.ts';

const hello = { visitorId: 'visitor-1', text: 'Hello' };
const byEmail = { agentEmail: 'new@example.com', agentName: 'New', receivedFrom: 'bridge' };

test('an agent message can be sent, read, edited and deleted', async () => {
  const { brevo, clock } = await simulatedBrevo();
  const { messages } = clientOf(brevo.baseUrl);

  const sent = await messages.post({ ...hello, agentId: liz.id, receivedFrom: 'bridge' });
  const { id } = sent.body;
  expect(sent.body).toMatchObject({ ...hello, type: 'agent', agentId: liz.id, receivedFrom: 'bridge' });
  expect(sent.body.createdAt).toBe(clock.now);
  expect(await messages.get(id)).toMatchObject({ body: sent.body });
  expect(await messages.update(id, 'Good morning')).toMatchObject({ body: { id, text: 'Good morning' } });
  expect(await messages.delete(id)).toMatchObject({ body: undefined });
  expect(await failureOf(messages.get(id))).toBeInstanceOf(NotFound);
});

test('a pushed message can be sent, read, edited and deleted', async () => {
  const { brevo } = await simulatedBrevo();
  const { pushedMessages } = clientOf(brevo.baseUrl);

  const { body } = await pushedMessages.post(hello);
  const { id } = body;
  expect(body).toMatchObject({ ...hello, isPushed: true });
  expect(await pushedMessages.get(id)).toMatchObject({ body });
  expect(await pushedMessages.update(id, 'Shipped')).toMatchObject({ body: { id, text: 'Shipped' } });
  expect(await pushedMessages.delete(id)).toMatchObject({ body: undefined });
  expect(await failureOf(pushedMessages.update(id, 'late'))).toBeInstanceOf(NotFound);
});

test('a message has the given agent or group as its sender', async () => {
  const { brevo } = await simulatedBrevo();
  const { messages, pushedMessages } = clientOf(brevo.baseUrl);
  expect(await messages.post({ ...hello, ...byEmail })).toMatchObject({ body: { receivedFrom: 'bridge' } });
  expect(await pushedMessages.post({ ...hello, agentId: liz.id })).toMatchObject({
    body: { agentId: liz.id },
  });
  expect(await pushedMessages.post({ ...hello, groupId: sales.id })).toMatchObject({
    body: { agentId: tom.id },
  });
});

test.each(['{}', 'null', '<html>OK</html>', '{"id": 7}', ''])(
  'an edit that Brevo confirms with the body %j took effect',
  async (body) => {
    const fetch = async () => new Response(body, { status: 200 });
    const credentials = async () => ({ apiKey: 'key' });
    const client = createBrevoClient({
      baseUrl: 'http://brevo.test/v3',
      credentials,
      fetch,
      timeoutMs: 1000,
    });
    expect(await client.pushedMessages.update('m1', 'Shipped')).toMatchObject({ body: { id: 'm1' } });
  },
);

test('an agent can be shown as online by id or by e-mail address', async () => {
  const { brevo, control } = await simulatedBrevo();
  const { pingAgent } = clientOf(brevo.baseUrl);
  expect(await pingAgent({ agentId: liz.id })).toMatchObject({ body: undefined });
  await pingAgent(byEmail);
  expect((await control('GET', '/agents')).json).toMatchObject([
    { id: liz.id, online: true },
    { id: tom.id, online: false },
    { email: byEmail.agentEmail, online: true },
  ]);
});

test('every answer and every error includes the rate limit', async () => {
  const { brevo } = await simulatedBrevo({ limit: { limit: 6 } });
  const { messages, pushedMessages, pingAgent } = clientOf(brevo.baseUrl);
  const left = (remaining: number) => ({ rateLimit: { limit: 6, remaining, resetSeconds: 3600 } });

  const posted = await pushedMessages.post(hello);
  const { id } = posted.body;
  expect(posted).toMatchObject(left(5));
  expect(await pushedMessages.get(id)).toMatchObject(left(4));
  expect(await pushedMessages.update(id, 'x')).toMatchObject(left(3));
  expect(await pushedMessages.delete(id)).toMatchObject(left(2));
  expect(await pingAgent({ agentId: liz.id })).toMatchObject(left(1));
  expect(await failureOf(messages.get('none'))).toMatchObject({ name: 'NotFound', ...left(0) });
  expect(await failureOf(messages.get('none'))).toMatchObject({ name: 'RateLimited', ...left(0) });
});

test('an answer without rate limit headers is accepted', async () => {
  const { brevo } = await simulatedBrevo({ switches: { rateLimitHeaders: false } });
  expect((await clientOf(brevo.baseUrl).pushedMessages.post(hello)).rateLimit).toEqual({});
});

test('unknown fields of a message are kept', async () => {
  const message = {
    id: 'm1',
    isPushed: true,
    attachments: [{ name: 'a.png', size: 3 }],
    later: { on: null },
  };
  const { pushedMessages } = clientOf(await answering(200, JSON.stringify(message)));
  expect((await pushedMessages.get('m1')).body).toEqual(message);
});

test('a field of an undocumented type does not make a sent message look unsent', async () => {
  const { pushedMessages } = clientOf(
    await answering(200, '{"id":"m1","createdAt":"today","isPushed":1,"text":null,"html":{},"agentId":7}'),
  );
  expect((await pushedMessages.post(hello)).body).toEqual({ id: 'm1', text: null });
});

test('the credentials are read before each request, and the partner key is sent if there is one', async () => {
  const { brevo } = await simulatedBrevo({ partnerKey: 'right-partner' });
  const known = [
    { apiKey: 'old-key' },
    { apiKey: 'right-key' },
    { apiKey: 'right-key', partnerKey: 'wrong-partner' },
    { apiKey: 'right-key', partnerKey: 'right-partner' },
  ];
  const { pushedMessages } = clientOf(brevo.baseUrl, {
    credentials: async () => known.shift() ?? { apiKey: '' },
  });
  expect(await failureOf(pushedMessages.post(hello))).toMatchObject({ reason: 'key-unknown' });
  expect(await pushedMessages.post(hello)).toMatchObject({ body: hello });
  expect(await failureOf(pushedMessages.post(hello))).toMatchObject({ reason: 'key-unknown' });
  expect(await pushedMessages.post(hello)).toMatchObject({ body: hello });
  expect(await failureOf(pushedMessages.post(hello))).toMatchObject({ reason: 'key-missing' });
});

test('without credentials nothing is sent, and the original error is thrown', async () => {
  const { brevo, control } = await simulatedBrevo();
  const noSecrets = new Error('no secrets');
  const { pushedMessages } = clientOf(brevo.baseUrl, { credentials: () => Promise.reject(noSecrets) });
  expect(await failureOf(pushedMessages.post(hello))).toBe(noSecrets);
  expect((await control('GET', '/requests')).json).toEqual([]);
});

test.each([
  ['a line break', 'first\nsecond'],
  ['a line break at its end', 'firstsecond\n'],
  ['a character outside Latin-1', 'first€second'],
  ['a control character', 'first\x01second'],
  ['a space', 'first second'],
])('a key with %s is neither sent nor shown in the error', async (_, key) => {
  const { brevo, control } = await simulatedBrevo();
  for (const credentials of [{ apiKey: key }, { apiKey: 'right-key', partnerKey: key }]) {
    const { pushedMessages } = clientOf(brevo.baseUrl, { credentials: async () => credentials });
    const error = await failureOf(pushedMessages.post(hello));
    expect(error).toBeInstanceOf(NotSent);
    expect(error).toMatchObject({ message: expect.stringContaining('key') });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toMatch(/first|second/);
  }
  expect((await control('GET', '/requests')).json).toEqual([]);
});

test('the base URL may end in a slash', async () => {
  const { brevo } = await simulatedBrevo();
  expect(await clientOf(`${brevo.baseUrl}/`).pushedMessages.post(hello)).toMatchObject({ body: hello });
});

test.each(['', 'api.brevo.com/v3', 'ftp://api.brevo.com', 'https://a:b@api.brevo.com', 'https://a.b/v3?c=d'])(
  'the invalid base URL "%s" is refused immediately',
  (baseUrl) => {
    expect(() => clientOf(baseUrl)).toThrow(InvalidInput);
    expect(() => clientOf(baseUrl)).toThrow('The Brevo base URL is invalid');
  },
);

test('requests use the given fetch', async () => {
  const { brevo } = await simulatedBrevo();
  const calls: unknown[] = [];
  const { pushedMessages } = clientOf('https://api.brevo.com/v3', {
    fetch: (input, init) => {
      calls.push(input);
      return fetch(String(input).replace('https://api.brevo.com/v3', brevo.baseUrl), init);
    },
  });
  expect(await pushedMessages.post(hello)).toMatchObject({ body: hello });
  expect(calls).toEqual(['https://api.brevo.com/v3/conversations/pushedMessages']);
});
