import { expect, test } from 'vitest';
import { idOf, liz, sales, simulatedBrevo, tom } from './simulated-brevo.ts';

const hello = { visitorId: 'visitor-1', text: 'Hello', agentId: liz.id };

test('an agent message is answered as the definition shows it', async () => {
  const { call, clock } = await simulatedBrevo();
  const { status, json, headers } = await call('POST', '/messages', {
    ...hello,
    text: 'Here\'s <b> & "c"\nnext',
    receivedFrom: 'bridge',
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json');
  expect(json).toEqual({
    id: expect.stringMatching(/^[2-9A-Za-z]{17}$/),
    type: 'agent',
    text: 'Here\'s <b> & "c"\nnext',
    html: "Here's &lt;b&gt; &amp; &quot;c&quot;<br>next",
    visitorId: 'visitor-1',
    agentId: liz.id,
    createdAt: clock.now,
    isPushed: false,
    isTrigger: false,
    isMissed: false,
    isMissedByVisitor: false,
    receivedFrom: 'bridge',
  });
});

test('an agent message can be read, edited and deleted, and is then gone', async () => {
  const { call } = await simulatedBrevo();
  const posted = await call('POST', '/messages', hello);
  const path = `/messages/${idOf(posted)}`;
  expect((await call('GET', path)).json).toEqual(posted.json);

  const edited = await call('PUT', path, { text: 'Good\r\nmorning' });
  expect(edited).toMatchObject({
    status: 200,
    json: { id: idOf(posted), text: 'Good\r\nmorning', html: 'Good<br>morning' },
  });
  expect((await call('GET', path)).json).toEqual(edited.json);

  expect(await call('DELETE', path)).toMatchObject({ status: 204, text: '' });
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect(await call(method, path, method === 'PUT' ? { text: 'x' } : undefined)).toMatchObject({
      status: 404,
      json: { code: 'document_not_found', message: 'Message not found' },
    });
  }
});

test('an agent may be named by e-mail address; an unknown one gets a dummy agent, once', async () => {
  const { call, control } = await simulatedBrevo();
  const by = (agentEmail: string) =>
    call('POST', '/messages', {
      ...hello,
      agentId: undefined,
      agentEmail,
      agentName: 'X',
      receivedFrom: 'shop',
    });
  expect((await by('LIZ@example.com')).json).toMatchObject({ agentId: liz.id });
  await by('new@example.com');
  await by('new@example.com');
  const { json } = await control('GET', '/agents');
  expect(json).toMatchObject([
    { id: liz.id },
    { id: 'agent-tom' },
    {
      id: expect.stringMatching(/^\w{17}$/),
      name: 'X',
      email: 'new@example.com',
      isDummy: true,
      online: false,
    },
  ]);
});

test.each([
  ['no visitorId', { ...hello, visitorId: undefined }, 'missing_parameter', 'visitorId'],
  ['an empty visitorId', { ...hello, visitorId: '' }, 'missing_parameter', 'visitorId'],
  ['no text', { ...hello, text: undefined }, 'missing_parameter', 'text'],
  ['a text that is no string', { ...hello, text: 5 }, 'invalid_parameter', 'text'],
  ['no agent', { ...hello, agentId: undefined }, 'missing_parameter', 'agentEmail'],
  [
    'half an identity',
    { ...hello, agentId: undefined, agentEmail: 'a@example.com', agentName: 'A' },
    'missing_parameter',
    'receivedFrom',
  ],
  ['an unknown agentId', { ...hello, agentId: 'nobody' }, 'invalid_parameter', 'agentId'],
  ['two identities', { ...hello, agentName: 'Liz' }, 'invalid_parameter', 'agentName'],
  [
    'an address that is none',
    { ...hello, agentId: undefined, agentEmail: 'liz', agentName: 'L', receivedFrom: 's' },
    'invalid_parameter',
    'agentEmail',
  ],
  ['an array', [hello], 'bad_request', 'JSON object'],
  ['broken JSON', '{"visitorId":', 'bad_request', 'JSON object'],
  ['no body', undefined, 'bad_request', 'JSON object'],
])('an agent message with %s is refused with 400', async (_, body, code, named) => {
  const { call, control } = await simulatedBrevo();
  expect(await call('POST', '/messages', body)).toMatchObject({
    status: 400,
    json: { code, message: expect.stringContaining(named) },
  });
  expect((await control('GET', '/messages')).json).toEqual([]);
});

test('an edit needs a text, and a content type of JSON', async () => {
  const { call } = await simulatedBrevo();
  const path = `/messages/${idOf(await call('POST', '/messages', hello))}`;
  expect(await call('PUT', path, {})).toMatchObject({ status: 400, json: { code: 'missing_parameter' } });
  for (const type of ['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded']) {
    expect(await call('PUT', path, { text: 'x' }, { 'content-type': type })).toMatchObject({
      status: 406,
      json: { code: 'not_acceptable' },
    });
  }
  const spelled = { 'content-type': 'Application/JSON; charset=utf-8' };
  expect((await call('PUT', path, { text: 'x' }, spelled)).status).toBe(200);
});

test("a visitor's message can be read, but neither edited nor deleted", async () => {
  const { call, control } = await simulatedBrevo();
  const path = `/messages/${idOf(await control('POST', '/messages', { visitorId: 'visitor-1', text: 'Hi' }))}`;
  const { json } = await call('GET', path);
  expect(json).toMatchObject({ type: 'visitor', text: 'Hi' });
  expect(json).not.toHaveProperty('agentId');
  const refused = { status: 400, json: { message: expect.stringContaining('type agent') } };
  expect(await call('PUT', path, { text: 'x' })).toMatchObject(refused);
  expect(await call('DELETE', path)).toMatchObject(refused);
});

test('an unknown route is 404, and a method that a route does not have 405', async () => {
  const { call } = await simulatedBrevo();
  for (const path of ['/constructor', '/messages/', '/messages/a/b', '/visitors', '']) {
    expect(await call('GET', path)).toMatchObject({ status: 404, json: { code: 'document_not_found' } });
  }
  expect(await call('GET', '/messages')).toMatchObject({
    status: 405,
    json: { code: 'method_not_allowed', message: 'GET Method is not allowed on this path' },
  });
  expect((await call('POST', '/pushedMessages/x', hello)).status).toBe(405);
  expect((await call('GET', '/messages/%E0%A4%A')).status).toBe(404);
  expect((await call('GET', '/messages/toString')).status).toBe(404);
});

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
])('a pushed message with %s is refused with 400', async (_, body, code, named) => {
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
