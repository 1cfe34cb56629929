import { Metrics } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPublisher } from '../../../lib/bus/publisher.ts';
import { Problem } from '../../../lib/http/contract/problem.ts';
import { sources } from '../../../lib/sources/sources.ts';
import { createPutOnBus } from '../../../lib/webhooks/put-on-bus.ts';
import { receive, type WebhookService, webhookOf } from '../../../lib/webhooks/receive.ts';
import { secretOf, sign } from '../../../tools/samples/webhooks.ts';
import { type AwsAnswer, startAws } from '../../support/aws-server.ts';
import { apiEvent } from '../../support/http-api.ts';
import { noon } from '../../support/incoming.ts';
import { captureLog } from '../../support/logger.ts';

interface PutEvents {
  Entries: { DetailType: string; Detail: string; Source: string }[];
}

const taken = ({ Entries }: PutEvents): AwsAnswer => ({
  body: { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: `e${index}` })) },
});

/** A receiver and its EventBridge, which gives the n-th answer to the n-th call. */
const start = async (answer: (body: PutEvents, call: number) => AwsAnswer = taken) => {
  const { settings, calls } = await startAws<PutEvents>(answer);
  const client = new EventBridgeClient({ ...settings, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const { logger, logged, lines } = captureLog();
  const deadLetters: string[] = [];
  const service: WebhookService = {
    logger,
    metrics: new Metrics({ namespace: 'test' }),
    tokens: async () => [],
    origins: [],
    sources,
    toleranceSeconds: {},
    webhookSecrets: async (source) => (source === 'woocommerce' ? [] : [secretOf(source)]),
    publish: createPutOnBus({
      publisher: (source) => createPublisher({ client, busName: 'bus', source, pause: async () => {} }),
      seen: { among: async () => new Set(), note: async () => {} },
      logger,
      pause: () => new Promise(() => {}),
    }),
    deadLetter: async (body, reason) => void deadLetters.push(`${reason} – ${body}`),
    now: () => noon,
  };
  const send = (source: string, body: object | string, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const signed = { ...headers, ...sign(source, { body: text, now: noon, id: 'msg_1' }) };
    return receive(service, source, { headers: signed, query: {}, body: Buffer.from(text) });
  };
  return { service, send, calls, deadLetters, logged, lines };
};

const problem = async (answer: Promise<unknown>): Promise<Problem> => {
  const error = await answer.catch((thrown: unknown) => thrown);
  if (error instanceof Problem) return error;
  throw new Error('it was taken');
};

const order = {
  type: 'order.status_changed',
  timestamp: new Date(noon).toISOString(),
  data: { orderId: '1', status: 'paid', occurredAt: new Date(noon).toISOString(), visitorId: 'v' },
};

test('a genuine webhook is on the bus before it is answered, with the name of its source', async () => {
  const { send, calls, logged } = await start();
  expect(await send('standard', order)).toEqual({ status: 202 });
  const [call] = calls;
  expect(call?.body.Entries).toMatchObject([
    { DetailType: 'order.status_changed', Source: 'webhooks.standard' },
  ]);
  expect(logged()).toContain('INFO webhook accepted');
});

test('a webhook without valid authentication is refused, and logged without its content', async () => {
  const { service, calls, lines } = await start();
  const headers = sign('stripe', { body: 'secret text', now: noon });
  const given = receive(service, 'shopify', { headers, query: {}, body: Buffer.from('secret text') });
  expect((await problem(given)).kind).toBe('unauthorised');
  expect(calls).toEqual([]);
  expect(JSON.stringify(lines)).not.toMatch(/secret text|local-shopify-secret/);
});

const aged = (seconds: number) => sign('stripe', { body: '{}', now: noon - seconds * 1000 });

test.each<[string, Record<string, string>, string]>([
  ['shopify', {}, 'no signature header'],
  ['shopify', { 'x-shopify-hmac-sha256': 'no base64' }, 'malformed signature header'],
  ['shopify', sign('shopify', { body: '[]', now: noon }), 'no signature matches a configured secret'],
  ['stripe', {}, 'no signature header'],
  ['stripe', { 'stripe-signature': 'v1=00' }, 'malformed signature header'],
  ['stripe', { 'stripe-signature': 't=soon,v1=00' }, 'malformed signature header'],
  ['stripe', { 'stripe-signature': `t=${noon / 1000},v1=00` }, 'no signature matches a configured secret'],
  ['stripe', aged(412), 'signed 412 seconds ago, at most 300 are allowed'],
  ['stripe', aged(-301), 'signed 301 seconds ahead, at most 300 are allowed'],
  ['standard', { 'webhook-id': 'm1', 'webhook-signature': 'v1,AA==' }, 'no signature header'],
  [
    'standard',
    { 'webhook-id': 'a.b', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AA==' },
    'malformed signature header',
  ],
  [
    'standard',
    sign('standard', { body: '{}', now: noon - 3_600_000 }),
    'signed 3600 seconds ago, at most 300 are allowed',
  ],
  ['brevo', {}, 'no secret in the headers or the query'],
  ['brevo', { authorization: 'Bearer x' }, 'no secret matches a configured one'],
])('the log says why a webhook of %s with %j is refused', async (source, headers, reason) => {
  const { service, lines } = await start();
  const {
    kind,
    message,
    headers: sent,
  } = await problem(receive(service, source, { headers, query: {}, body: Buffer.from('{}') }));
  expect(kind).toBe('unauthorised');
  expect(lines).toMatchObject([{ level: 'WARN', message: 'webhook refused', source, reason }]);
  expect(`${message} ${JSON.stringify(sent)}`).not.toMatch(/token|bearer/i);
});

test('a webhook that a gateway repeats after hours is taken if the configuration allows it, as the same event', async () => {
  const { service, calls } = await start();
  const body = JSON.stringify(order);
  const given = { headers: sign('standard', { body, now: noon }), query: {}, body: Buffer.from(body) };
  const late = { ...service, now: () => noon + 6 * 3_600_000 };
  expect((await problem(receive(late, 'standard', given))).kind).toBe('unauthorised');
  expect(await receive(service, 'standard', given)).toEqual({ status: 202 });
  const patient = { ...late, toleranceSeconds: { stripe: 300, standard: 86_400 } };
  expect(await receive(patient, 'standard', given)).toEqual({ status: 202 });
  const [first, repeated] = calls.map((call) => call.body.Entries);
  expect(repeated).toEqual(first);
});

test.each(['shopee', 'toString', '__proto__', ''])('the source "%s" is not found', async (name) => {
  const { service } = await start();
  expect(
    (await problem(receive(service, name, { headers: {}, query: {}, body: Buffer.alloc(0) }))).kind,
  ).toBe('not-found');
});

test('a source without a secret is not found', async () => {
  const { send } = await start();
  expect((await problem(send('woocommerce', { id: 1 }))).kind).toBe('not-found');
});

test('a webhook with an unknown topic is accepted', async () => {
  const { send, calls } = await start();
  expect(await send('shopify', { id: 1 }, { 'x-shopify-topic': 'carts/update' })).toEqual({ status: 200 });
  expect(calls).toEqual([]);
});

test('an unreadable webhook of a provider goes to the dead-letter queue and is accepted', async () => {
  const { send, deadLetters, calls } = await start();
  expect(await send('shopify', 'no JSON', { 'x-shopify-topic': 'orders/paid' })).toEqual({ status: 200 });
  expect(deadLetters).toEqual([expect.stringMatching(/^shopify: .* – no JSON$/)]);
  expect(calls).toEqual([]);
});

test('an unreadable webhook of the shop’s own systems is refused, and the error names every invalid field', async () => {
  const { send, deadLetters } = await start();
  const { data, ...rest } = order;
  const { kind, fields } = await problem(
    send('standard', { ...rest, data: { ...data, status: '', occurredAt: 'now' } }),
  );
  expect(kind).toBe('invalid-request');
  expect(fields.errors?.map(({ pointer }) => pointer).toSorted()).toEqual([
    '#/data/occurredAt',
    '#/data/status',
  ]);
  expect(deadLetters).toEqual([]);
});

describe('an event larger than the bus takes', () => {
  const name = '€'.repeat(200);

  test('goes without its items', async () => {
    const { send, calls } = await start();
    const items = Array.from({ length: 2_000 }, () => ({ name, quantity: 1 }));
    expect(await send('standard', { ...order, data: { ...order.data, items } })).toEqual({ status: 202 });
    const [entry] = calls.flatMap(({ body }) => body.Entries);
    expect(JSON.parse(entry?.Detail ?? '').data).toEqual(order.data);
  });

  test('is refused for good if it has none', async () => {
    const { send, calls } = await start();
    const data = { ...order.data, note: name.repeat(2_000) };
    expect((await problem(send('standard', { ...order, data }))).kind).toBe('too-large');
    expect(calls).toEqual([]);
  });

  test('is refused for good if EventBridge says so', async () => {
    const message = 'Total size of the entries in the request is over the limit.';
    const { send } = await start(() => ({
      status: 400,
      body: { __type: 'ValidationException', message },
    }));
    const data = { ...order.data, note: name.repeat(1_000) };
    expect((await problem(send('standard', { ...order, data }))).kind).toBe('too-large');
  });
});

describe('if the bus refuses an event because it', () => {
  const throttled: AwsAnswer = { status: 400, body: { __type: 'ThrottlingException' } };
  const partly = ({ Entries }: PutEvents): AwsAnswer => ({
    body: { FailedEntryCount: 1, Entries: Entries.map(() => ({ ErrorCode: 'InternalFailure' })) },
  });

  test.each([
    ['throttles', () => throttled],
    ['fails', () => ({ status: 500, body: {} })],
    ['refuses the entry in a 200', partly],
  ])('%s, the answer is 503, and the sender’s next attempt has exactly one effect', async (_, refusal) => {
    const state = { refuses: true };
    const { send, calls } = await start((body) => (state.refuses ? refusal(body) : taken(body)));
    const { kind, headers } = await problem(send('standard', order));
    expect(kind).toBe('unavailable');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    state.refuses = false;
    const before = calls.length;
    expect(await send('standard', order)).toEqual({ status: 202 });
    const accepted = calls.slice(before).flatMap(({ body }) => body.Entries);
    expect(accepted).toHaveLength(1);
    // However many attempts there were, consumers see the same event.
    const ids = calls.flatMap(({ body }) => body.Entries.map(({ Detail }) => JSON.parse(Detail).metadata.id));
    expect(new Set(ids)).toEqual(new Set(['msg_1']));
  });
});

test('the body has the exact bytes that were sent, as text or in base64', () => {
  const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
  const raw = { body: bytes.toString('base64'), isBase64Encoded: true };
  expect(webhookOf(apiEvent('POST', '/webhooks/brevo?secret=x', { raw }))).toMatchObject({
    body: bytes,
    query: { secret: 'x' },
  });
  const text = { body: '{"name":"Zoë"}', isBase64Encoded: false };
  expect(webhookOf(apiEvent('POST', '/webhooks/brevo', { raw: text })).body.toString()).toBe(
    '{"name":"Zoë"}',
  );
  expect(webhookOf(apiEvent('POST', '/webhooks/brevo')).body).toHaveLength(0);
});

test('a body of one megabyte is accepted, and one of more than five is refused', () => {
  const sized = (megabytes: number) =>
    apiEvent('POST', '/webhooks/brevo', {
      raw: { body: 'a'.repeat(megabytes * 1024 * 1024 + 1), isBase64Encoded: false },
    });
  expect(webhookOf(sized(1)).body).toHaveLength(1024 * 1024 + 1);
  expect(() => webhookOf(sized(5))).toThrow(Problem);
});
