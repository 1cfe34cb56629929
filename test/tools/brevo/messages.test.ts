import { expect, test } from 'vitest';
import { idOf, liz, simulatedBrevo } from './simulated-brevo.ts';

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
])('%s is refused with 400', async (_, body, code, named) => {
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
