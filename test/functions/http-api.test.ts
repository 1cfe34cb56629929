import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { takesBody } from '../../lib/http/contract/operation.ts';
import { operations } from '../../lib/http/contract/operations.ts';
import { processBatch } from '../../lib/notices/ingest.ts';
import { deliverPending } from '../../lib/notices/sweep.ts';
import { startBridge } from '../support/bridge.ts';
import { sqsRecord, statusChanged } from '../support/events.ts';
import { access, createApi, token } from '../support/http-api.ts';

const start = async (options: Parameters<typeof startBridge>[0] = {}) => {
  const bridge = await startBridge(options);
  const api = await createApi({ ...bridge.worker(), ...access });
  const happen = (data: Parameters<typeof statusChanged>[0]) =>
    processBatch(bridge.worker(), [sqsRecord(statusChanged(data))]);
  const fail = (kind: string, more: object = {}, method = 'POST') =>
    bridge.brevo.control('faults', [{ match: { method }, kind, ...more }]);
  return { ...bridge, api, happen, fail };
};

const idOf = (body: unknown): string => z.object({ id: z.string() }).parse(body).id;

const hello = { visitorId: 'visitor-1', text: 'Hello' };
const bucketMs = 60_000;
const plan = (limit: number) => ({ plan: { limit, windowMs: 3_600_000, scope: 'account' as const } });

describe('POST /pushed-messages', () => {
  test('sends the message to the visitor and returns its path', async () => {
    const { api, brevo } = await start();
    const { status, headers, body } = await api('POST', '/pushed-messages', { body: hello });
    expect({ status, body }).toMatchObject({ status: 201, body: hello });
    expect(await brevo.chat()).toEqual(['Hello']);
    const read = await api('GET', headers.location ?? '');
    expect(read).toMatchObject({
      status: 200,
      body: { ...hello, reference: expect.stringMatching(/^request:/) },
    });
  });

  test('sends a new message for each request without a reference or key', async () => {
    const { api, brevo } = await start();
    await api('POST', '/pushed-messages', { body: hello });
    await api('POST', '/pushed-messages', { body: hello });
    expect(await brevo.chat()).toEqual(['Hello', 'Hello']);
  });

  test.each([
    ['a reference', { reference: 'mine' }, {}],
    ['an Idempotency-Key', {}, { 'idempotency-key': 'k1' }],
  ])(
    'with %s sends nothing for a repeated request, and answers 409 for a different one',
    async (_, named, key) => {
      const { api, brevo, clock } = await start();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...key };
      const post = (body: object) =>
        api('POST', '/pushed-messages', { body: { ...body, ...named }, headers });
      const first = await post(hello);
      expect(first.status).toBe(201);
      expect(await post(hello)).toEqual(first);
      clock.now += 1_000;
      expect((await post({ ...hello, text: 'Bye' })).status).toBe(409);
      expect(await api('GET', '/notices')).toMatchObject({ body: { notices: [] } });
      expect((await post({ ...hello, agentId: 'd9nKoegKSjmCtyK78' })).status).toBe(409);
      expect((await post({ ...hello, visitorId: 'visitor-2' })).status).toBe(409);
      expect(await brevo.requests()).toEqual(['POST created']);
    },
  );

  test('recognises a repeated request after an operator’s edit', async () => {
    const { api, brevo } = await start();
    const body = { ...hello, reference: 'mine' };
    await api('POST', '/pushed-messages', { body });
    await api('PUT', '/notices/mine', { body: { text: 'Goodbye' } });
    expect(await api('POST', '/pushed-messages', { body })).toMatchObject({
      status: 201,
      body: { text: 'Goodbye' },
    });
    await api('DELETE', '/notices/mine');
    expect(await api('POST', '/pushed-messages', { body })).toMatchObject({
      status: 200,
      body: { state: 'settled', messages: [] },
    });
    expect(await brevo.chat()).toEqual([]);
  });

  test('has one sender, an agent or a group', async () => {
    const { api } = await start();
    const sender = { agentId: 'd9nKoegKSjmCtyK78', groupId: 'aB3xV9mK2pLq' };
    expect(await api('POST', '/pushed-messages', { body: { ...hello, ...sender } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/groupId', detail: 'give either agentId or groupId, not both' }] },
    });
  });

  test('lets the message wait if the budget is used up, and says for how long', async () => {
    const { api, brevo, clock } = await start(plan(2));
    await api('POST', '/pushed-messages', { body: hello });
    const waiting = await api('POST', '/pushed-messages', { body: { ...hello, reference: 'second' } });
    expect(waiting).toMatchObject({ status: 202, body: { reference: 'second', state: 'pending' } });
    const seconds = Number(waiting.headers['retry-after']);
    expect(seconds).toBeGreaterThan(3_500);
    expect(await brevo.chat()).toEqual(['Hello']);
    clock.now += seconds * 1000 + bucketMs;
    expect((await api('POST', '/pushed-messages', { body: { ...hello, reference: 'second' } })).status).toBe(
      202,
    );
  });

  test('holds the notice for an operator if the answer is lost', async () => {
    const { api, brevo, fail, clock } = await start();
    await fail('reset-after');
    const body = { ...hello, reference: 'mine' };
    expect(await api('POST', '/pushed-messages', { body })).toMatchObject({
      status: 202,
      body: { state: 'unknown' },
    });
    expect(await api('GET', '/notices?held')).toMatchObject({ body: { notices: [{ reference: 'mine' }] } });
    const [message] = await brevo.messages();
    const sent = { action: 'sent', messageId: message?.id };
    expect(await api('POST', '/notices/mine/resolve', { body: sent })).toMatchObject({
      status: 200,
      body: { state: 'settled' },
    });
    expect(await api('GET', '/notices?held')).toMatchObject({ body: { notices: [] } });
    // Nothing follows a post of unknown outcome during the cool-down.
    clock.now += 61_000;
    expect(
      await api('PUT', `/pushed-messages/${message?.id}`, { body: { text: 'Hello again' } }),
    ).toMatchObject({ status: 200 });
    expect(await brevo.chat()).toEqual(['Hello again']);
  });

  test('gives Brevo’s reason for a refusal, and takes a corrected request with the same reference', async () => {
    const { api, brevo } = await start();
    const body = { ...hello, reference: 'mine' };
    const post = (agentId: string) => api('POST', '/pushed-messages', { body: { ...body, agentId } });
    expect(await post('nobody')).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('invalid_parameter') },
    });
    // Nobody else has to act, so no alarm is raised.
    expect(await api('GET', '/notices?held')).toMatchObject({ body: { notices: [] } });
    expect((await api('GET', '/notices/mine')).status).toBe(404);
    expect((await post('d9nKoegKSjmCtyK78')).status).toBe(201);
    expect(await brevo.chat()).toEqual(['Hello']);
  });

  test('holds a message that Brevo refuses only after the response, until it is retried', async () => {
    const { api, brevo, fail, clock, worker } = await start();
    await fail('status', { status: 429 });
    const body = { ...hello, reference: 'mine' };
    expect((await api('POST', '/pushed-messages', { body })).status).toBe(202);
    await fail('status', { status: 400, body: '{"code":"invalid_parameter","message":"no"}' });
    clock.now += 3_600_000;
    await deliverPending(worker());
    expect(await api('GET', '/notices/mine')).toMatchObject({ body: { state: 'refused' } });
    expect((await api('POST', '/notices/mine/resolve', { body: { action: 'resend' } })).status).toBe(409);
    expect((await api('POST', '/notices/mine/resolve', { body: { action: 'retry' } })).status).toBe(200);
    expect(await brevo.chat()).toEqual(['Hello']);
  });

  test.each([
    [{}, ['#/text', '#/visitorId']],
    [{ ...hello, colour: 'red' }, ['#/colour']],
    [{ ...hello, text: ' ' }, ['#/text']],
    [{ ...hello, text: 'a'.repeat(10_001) }, ['#/text']],
    [{ ...hello, reference: 'order:1' }, ['#/reference']],
    [{ ...hello, reference: '' }, ['#/reference']],
    [[], ['#']],
  ])('refuses %j, names each invalid field, and sends nothing', async (body, pointers) => {
    const { api, brevo } = await start();
    const { status, body: problem } = await api('POST', '/pushed-messages', { body });
    expect(status).toBe(400);
    const { errors } = z.object({ errors: z.array(z.object({ pointer: z.string() })) }).parse(problem);
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual(pointers);
    expect(await brevo.requests()).toEqual([]);
  });

  test('refuses a reference together with a key', async () => {
    const { api } = await start();
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': 'k',
    };
    expect(
      (await api('POST', '/pushed-messages', { body: { ...hello, reference: 'r' }, headers })).status,
    ).toBe(400);
  });
});

describe('a message of a notice', () => {
  test('keeps an edit by message id when events are repeated, and a later status becomes a new message', async () => {
    const { api, brevo, happen } = await start();
    await happen({ status: 'paid' });
    const [message] = await brevo.messages();
    const changed = await api('PUT', `/pushed-messages/${message?.id}`, { body: { text: 'Thank you!' } });
    expect(changed).toMatchObject({ status: 200, body: { text: 'Thank you!', reference: 'order:1001' } });
    await happen({ status: 'paid' });
    await happen({ status: 'paid', at: 60_000, total: 12, currency: 'EUR' });
    expect(await brevo.chat()).toEqual(['Thank you!']);
    await happen({ status: 'shipped', at: 120_000 });
    expect(await brevo.chat()).toEqual(['Thank you!', expect.stringContaining('1001')]);
  });

  test('is deleted alone by its id, and only once', async () => {
    const { api, brevo, happen } = await start();
    await happen({ status: 'paid' });
    await happen({ status: 'shipped', at: 1 });
    const [paid, shipped] = await brevo.messages();
    expect((await api('DELETE', `/pushed-messages/${shipped?.id}`)).status).toBe(204);
    expect(await brevo.chat()).toEqual([paid?.text]);
    await happen({ status: 'shipped', at: 2 });
    expect(await brevo.chat()).toEqual([paid?.text]);
    expect((await api('DELETE', `/pushed-messages/${shipped?.id}`)).status).toBe(404);
    await happen({ status: 'delivered', at: 3 });
    expect(await brevo.chat()).toHaveLength(2);
  });

  test('is edited alone if a newer message exists', async () => {
    const { api, brevo, happen } = await start();
    await happen({ status: 'paid' });
    await happen({ status: 'shipped', at: 1 });
    const [paid] = await brevo.messages();
    expect(
      (await api('PUT', `/pushed-messages/${paid?.id}`, { body: { text: 'Paid, thanks' } })).status,
    ).toBe(200);
    expect((await brevo.chat())[0]).toBe('Paid, thanks');
  });

  test('is deleted later if the budget is used up', async () => {
    const { api, brevo, happen, clock } = await start(plan(2));
    await happen({ status: 'paid' });
    const [message] = await brevo.messages();
    await api('GET', `/pushed-messages/${message?.id}`);
    const later = await api('DELETE', `/pushed-messages/${message?.id}`);
    expect(later).toMatchObject({ status: 202, body: { pendingDeletes: [message?.id] } });
    expect(Number(later.headers['retry-after'])).toBeGreaterThan(60);
    expect(await brevo.chat()).toHaveLength(1);
    clock.now += 2 * 3_600_000;
    expect((await api('DELETE', `/pushed-messages/${message?.id}`)).status).toBe(204);
    expect(await brevo.chat()).toEqual([]);
  });

  test('is deleted if that is requested again after Brevo refused', async () => {
    const { api, brevo, happen, fail } = await start();
    await happen({ status: 'paid' });
    const [message] = await brevo.messages();
    await fail('status', { status: 400, times: 1 }, 'DELETE');
    expect((await api('DELETE', `/pushed-messages/${message?.id}`)).status).toBe(502);
    expect(await brevo.chat()).toHaveLength(1);
    expect((await api('DELETE', `/pushed-messages/${message?.id}`)).status).toBe(204);
    expect(await brevo.chat()).toEqual([]);
  });
});

test('an operation on a message without a notice calls Brevo directly and returns Brevo’s 404', async () => {
  const { api } = await start();
  for (const [method, body] of [['GET'], ['PUT', { text: 'x' }], ['DELETE']] as const) {
    const answer = await api(method, '/pushed-messages/nobody', body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status: 404, body: { brevo: { code: 'document_not_found' } } });
  }
});

describe('a notice', () => {
  test('is read by its reference, which may contain slashes', async () => {
    const { api, happen } = await start();
    await happen({ status: 'shipped', shipmentId: 'a/b' });
    for (const path of ['order%3A1001%2Fshipment%3Aa~2fb', 'order:1001/shipment:a~2fb']) {
      expect(await api('GET', `/notices/${path}`)).toMatchObject({
        status: 200,
        body: {
          reference: 'order:1001/shipment:a~2fb',
          state: 'settled',
          status: 'shipped',
          messages: [expect.any(String)],
          log: [{ what: 'accepted' }, { what: 'posted' }],
        },
      });
    }
  });

  test('is edited and withdrawn, and a later status becomes a new message', async () => {
    const { api, brevo, happen } = await start();
    await happen({ status: 'paid' });
    expect(await api('PUT', '/notices/order:1001', { body: { text: 'Got it' } })).toMatchObject({
      status: 200,
      body: { text: 'Got it' },
    });
    expect(await brevo.chat()).toEqual(['Got it']);
    expect(await api('DELETE', '/notices/order:1001')).toMatchObject({
      status: 200,
      body: { messages: [], pendingDeletes: [] },
    });
    await happen({ status: 'paid', at: 5 });
    expect(await brevo.chat()).toEqual([]);
    await happen({ status: 'shipped', at: 6 });
    expect(await brevo.chat()).toHaveLength(1);
  });

  test('is never sent if it is withdrawn while it waits', async () => {
    const { api, brevo } = await start(plan(2));
    await api('POST', '/pushed-messages', { body: hello });
    await api('POST', '/pushed-messages', { body: { ...hello, text: 'Second', reference: 'second' } });
    expect(await api('DELETE', '/notices/second')).toMatchObject({ status: 200, body: { state: 'settled' } });
    expect(await brevo.chat()).toEqual(['Hello']);
  });

  test('is not found under an unknown reference, by any operation', async () => {
    const { api, brevo } = await start();
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { text: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/resolve', { action: 'drop' }],
    ] as const) {
      const answer = await api(method, `/notices/nothing${path}`, body === undefined ? {} : { body });
      expect(answer.status).toBe(404);
    }
    expect(await brevo.requests()).toEqual([]);
  });

  test('cannot be resolved if it is not held', async () => {
    const { api, happen } = await start();
    await happen({ status: 'paid' });
    for (const action of ['sent', 'resend', 'drop', 'retry'])
      expect((await api('POST', '/notices/order:1001/resolve', { body: { action } })).status).toBe(409);
    expect(
      (await api('POST', '/notices/order:1001/resolve', { body: { action: 'drop', messageId: 'm' } })).status,
    ).toBe(400);
    expect((await api('POST', '/notices/order:1001/resolve', { body: { action: 'forget' } })).status).toBe(
      400,
    );
  });
});

test('waiting notices are listed page by page, each once', async () => {
  const { api } = await start(plan(2));
  await api('POST', '/pushed-messages', { body: hello });
  for (let index = 0; index < 7; index++)
    await api('POST', '/pushed-messages', { body: { ...hello, reference: `waits-${index}` } });
  const page = z.object({
    notices: z.array(z.object({ reference: z.string() })),
    cursor: z.optional(z.string()),
  });
  const seen: string[] = [];
  let query = '?limit=3';
  for (let pages = 0; pages < 5; pages++) {
    const { notices, cursor } = page.parse((await api('GET', `/notices${query}`)).body);
    seen.push(...notices.map(({ reference }) => reference));
    if (cursor === undefined) break;
    query = `?limit=3&cursor=${cursor}`;
  }
  expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `waits-${index}`));
  for (const wrong of [
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=x',
    'held=maybe',
    'unaddressed=1',
    'page=2',
  ])
    expect((await api('GET', `/notices?${wrong}`)).status).toBe(400);
});

test('notices that wait for a visitor are listed until an event names one', async () => {
  const { api, happen } = await start();
  await happen({ status: 'paid', visitorId: undefined });
  await happen({ orderId: '1002', status: 'paid', at: 1 });
  expect(await api('GET', '/notices?unaddressed')).toMatchObject({
    status: 200,
    body: { notices: [{ reference: 'order:1001', state: 'unaddressed', status: 'paid' }] },
  });
  expect(await api('GET', '/notices')).toMatchObject({ body: { notices: [] } });
  expect((await api('GET', '/notices?unaddressed&held')).status).toBe(400);
  await happen({ status: 'shipped', at: 2 });
  expect(await api('GET', '/notices?unaddressed')).toMatchObject({ body: { notices: [] } });
});

describe('a visitor', () => {
  test('is erased: every message in Brevo, and in the table all but the references', async () => {
    const { api, brevo, happen, client, tableName, clock, worker } = await start();
    await happen({ status: 'paid' });
    await happen({ status: 'shipped', at: 1 });
    await api('POST', '/pushed-messages', {
      body: { ...hello, text: 'Hello to you', reference: 'mine' },
    });
    await api('POST', '/pushed-messages', { body: { ...hello, visitorId: 'visitor-2' } });
    expect((await api('GET', '/erasures?visitorId=visitor-1')).status).toBe(404);
    expect(await api('POST', '/erasures', { body: { visitorId: 'visitor-1' } })).toMatchObject({
      status: 202,
      body: { unreachable: 0 },
    });
    expect(await brevo.chat()).toEqual([]);
    expect(await brevo.chat('visitor-2')).toEqual(['Hello']);
    const { eraseVisitors } = await import('../../lib/notices/erasure.ts');
    clock.now += 15 * 60_000;
    await eraseVisitors(worker());
    expect((await api('GET', '/erasures?visitorId=visitor-1')).status).toBe(404);
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { text: 'x' }]] as const)
      expect((await api(method, '/notices/order:1001', { body })).status).toBe(404);
    const { ScanCommand } = await import('@aws-sdk/client-dynamodb');
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
    // Of the erased notices, only the references are kept.
    const left = JSON.stringify(Items.map(({ key: _, reference: __, ...rest }) => rest));
    for (const trace of ['visitor-1', 'paid', 'Hello to you']) expect(left).not.toContain(trace);
    expect(Items.filter(({ key }) => key?.S?.startsWith('message#'))).toHaveLength(1);
  });

  test('is erased as the budget allows, and the progress can be read', async () => {
    const { api, brevo, happen } = await start(plan(3));
    await happen({ status: 'paid' });
    await happen({ status: 'shipped', at: 1 });
    const begun = await api('POST', '/erasures', { body: { visitorId: 'visitor-1' } });
    expect(begun).toMatchObject({ status: 202, body: { visitorId: 'visitor-1', notices: 1, messages: 2 } });
    expect(await api('GET', '/erasures?visitorId=visitor-1')).toMatchObject({
      status: 200,
      body: begun.body,
    });
    expect((await api('PUT', '/notices/order:1001', { body: { text: 'x' } })).status).toBe(409);
    expect((await api('DELETE', '/notices/order:1001')).status).toBe(409);
    const message = (await brevo.messages()).at(-1);
    const rewritten = await api('PUT', `/pushed-messages/${message?.id}`, { body: { text: 'x' } });
    expect(rewritten.status).toBe(409);
    await happen({ status: 'delivered', at: 2 });
    expect(await api('GET', '/erasures?visitorId=visitor-1')).toMatchObject({
      body: { notices: 1, messages: 2 },
    });
  });
});

describe('messages of agents', () => {
  const agentId = 'd9nKoegKSjmCtyK78';

  test('are sent, read, edited and deleted', async () => {
    const { api, brevo } = await start();
    const posted = await api('POST', '/messages', { body: { ...hello, agentId } });
    expect(posted).toMatchObject({ status: 201, body: { text: 'Hello', visitorId: 'visitor-1' } });
    const path = `/messages/${idOf(posted.body)}`;
    expect(posted.headers.location).toBe(path);
    expect(await api('GET', path)).toMatchObject({ status: 200, body: { text: 'Hello' } });
    expect(await api('PUT', path, { body: { text: 'Hi' } })).toMatchObject({
      status: 200,
      body: { text: 'Hi' },
    });
    expect(await api('DELETE', path)).toMatchObject({ status: 204, body: undefined });
    expect((await api('GET', path)).status).toBe(404);
    expect(await brevo.chat()).toEqual([]);
  });

  test.each([
    [
      'status',
      { status: 401, body: '{"code":"unauthorized","message":"Key not found"}' },
      502,
      'unauthorized',
    ],
    [
      'status',
      { status: 400, body: '{"code":"invalid_parameter","message":"no"}' },
      422,
      'invalid_parameter',
    ],
    ['status', { status: 302 }, 502, undefined],
    ['status', { status: 500 }, 502, undefined],
    ['status', { status: 429 }, 429, undefined],
    ['reset-after', {}, 504, undefined],
  ] as const)('report Brevo’s %s %j as %i', async (kind, more, status, code) => {
    const { api, fail } = await start();
    await fail(kind, more);
    const answer = await api('POST', '/messages', { body: { ...hello, agentId } });
    expect(answer.status).toBe(status);
    if (code !== undefined) expect(answer.body).toMatchObject({ brevo: { code } });
    if (status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('are refused if no request is free, but reads use a share of their own', async () => {
    const { api } = await start(plan(2));
    await api('POST', '/pushed-messages', { body: hello });
    expect((await api('POST', '/pushed-messages', { body: { ...hello, reference: 'r' } })).status).toBe(202);
    expect((await api('GET', '/messages/x')).status).toBe(404);
    const refused = await api('GET', '/messages/x');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000);
  });
});

test('an agent is shown as online', async () => {
  const { api, brevo } = await start();
  expect(await api('POST', '/agents/online-ping', { body: { agentId: 'd9nKoegKSjmCtyK78' } })).toMatchObject({
    status: 204,
  });
  expect(await brevo.control('agents')).toMatchObject([{ online: true }]);
  expect((await api('POST', '/agents/online-ping', { body: { agentName: 'Liz' } })).status).toBe(400);
});

describe('a request without a matching operation', () => {
  test('is answered with a problem document: not found, or method not allowed', async () => {
    const { api } = await start();
    expect((await api('GET', '/')).status).toBe(404);
    expect((await api('POST', '/webhooks')).status).toBe(404);
    expect(await api('PATCH', '/notices/order:1')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, PUT, DELETE' },
    });
    expect(await api('HEAD', '/pushed-messages/x')).toMatchObject({ status: 405 });
    expect(await api('OPTIONS', '/messages')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect((await api('POST', '/notices/order:1', { body: { action: 'drop' } })).status).toBe(405);
    expect((await api('GET', '/anything', { headers: {} })).status).toBe(401);
    expect((await api('POST', '/notices/order:1', { headers: {} })).status).toBe(401);
  });

  test('is not asked for a token if it is a webhook’s', async () => {
    const { api } = await start();
    expect(await api('POST', '/webhooks/shopify/orders', { headers: {} })).toMatchObject({ status: 404 });
    expect(await api('GET', '/webhooks/shopify', { headers: {} })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
  });

  test('is answered as a CORS preflight if its origin is allowed', async () => {
    const bridge = await startBridge();
    const origins = ['https://office.example.com'];
    const api = await createApi({ ...bridge.worker(), ...access, origins });
    const ask = (origin: string) => api('OPTIONS', '/notices/order:1', { headers: { origin } });
    expect(await ask('https://office.example.com')).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-methods': 'GET, PUT, DELETE',
        'access-control-allow-origin': origins[0],
      },
    });
    expect((await ask('https://evil.example.com')).status).toBe(403);
  });
});

test('the OpenAPI document is readable without a token', async () => {
  const { api } = await start();
  expect(await api('GET', '/openapi.json', { headers: {} })).toMatchObject({
    status: 200,
    body: { openapi: '3.1.1' },
  });
});

/** Bodies as no well-behaved caller sends them. */
const strangeBodies = [
  {},
  { body: null },
  { body: undefined, isBase64Encoded: undefined },
  { body: null, isBase64Encoded: true },
  { body: '', isBase64Encoded: true },
  { body: '{', isBase64Encoded: true },
  { body: '{', isBase64Encoded: false },
  { body: 'null', isBase64Encoded: false },
  { body: '\ud83d', isBase64Encoded: false },
];

test.each(operations.filter(({ tag }) => tag !== 'Webhooks'))(
  '$id refuses a body that is missing or unreadable, with and without a token',
  async (operation) => {
    const { api, brevo } = await start();
    const target = operation.path.replaceAll(/\{\w+\}/g, 'x');
    for (const raw of strangeBodies) {
      const headers = { 'content-type': 'application/json' };
      const anonymous = await api(operation.method, target, { raw, headers });
      if (!operation.isOpen) expect(anonymous.status).toBe(401);
      const right = { ...headers, authorization: `Bearer ${token}` };
      const { status } = await api(operation.method, target, { raw, headers: right });
      if (takesBody(operation)) expect(status).toBe(400);
      else expect(status).toBeLessThan(500);
    }
    if (takesBody(operation)) expect(await brevo.requests()).toEqual([]);
  },
);

test('no operation runs without a valid token', async () => {
  const { api, brevo, happen } = await start();
  await happen({ status: 'paid' });
  const [message] = await brevo.messages();
  const before = await brevo.requests();
  const calls = [
    ['POST', '/pushed-messages', hello],
    ['DELETE', `/pushed-messages/${message?.id}`, undefined],
    ['DELETE', '/notices/order:1001', undefined],
    ['POST', '/erasures', { visitorId: 'visitor-1' }],
    ['GET', '/notices/order:1001', undefined],
    ['POST', '/agents/online-ping', { agentId: 'x' }],
  ] as const;
  for (const [method, path, body] of calls)
    for (const authorization of [undefined, '', 'Bearer ', 'Bearer wrong', 'Bearer test-tokeN']) {
      const headers = {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      };
      expect((await api(method, path, { body, headers })).status).toBe(401);
    }
  expect(await brevo.requests()).toEqual(before);
  expect(await brevo.chat()).toHaveLength(1);
});
