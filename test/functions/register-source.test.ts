import { test as law } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hmacOf } from '../../lib/sources/signature.ts';
import { registrationOf } from '../../lib/webhooks/register.ts';
import { toEvent } from '../../tools/aws/http-api.ts';
import { noon } from '../support/incoming.ts';
import { captureLog } from '../support/logger.ts';
import { startReceiver } from '../support/receiver.ts';
import { webhookSamples } from '../support/webhook-samples.ts';

const app = 'secret-of-the-manifest';
const hex = (secret: string, text: string) => hmacOf(secret, [text]).toString('hex');

/** The query as Shopware writes it, so many seconds after noon. */
const queryAt = (seconds = 0, shop = 'sqX6cqHi6hbj') =>
  `shop-id=${shop}&shop-url=https://my.shop.com/a%20b&timestamp=${noon / 1000 + seconds}`;
const query = queryAt();
const proven = 'sqX6cqHi6hbjhttps://my.shop.com/a bConversationsBridge';
const byApp = (of = query, secret = app) => ({ 'shopware-app-signature': hex(secret, of) });
const byShop = (secret: string) => ({ ...byApp(), 'shopware-shop-signature': hex(secret, query) });

const start = (secrets = [app]) => {
  const { logger, lines } = captureLog();
  const shopware = startReceiver({ logger, secretsOf: () => secrets });
  const secretGiven = async (headers: Record<string, string>) =>
    String((await shopware.register(query, headers)).body.secret);
  /** Sends what the shop would, signed with its secret. */
  const send = async (secret: string, body: string, search = '') => {
    const headers = { 'content-type': 'application/json', 'shopware-shop-signature': hex(secret, body) };
    return (await shopware.post(`shopware${search}`, { headers, raw: { body } })).status;
  };
  return { ...shopware, secretGiven, send, log: () => JSON.stringify(lines) };
};

const paid = webhookSamples.find(({ name }) => name === 'shopware-order-paid')?.body.toString() ?? '';
const credentials = {
  apiKey: 'SWIARXBSDJRWEMJONFK2OHBNWA',
  secretKey: 'Q1QyaUg3ZHpnZURPeDV3ZkpncXdSRzJp',
  timestamp: `${noon / 1000}`,
  shopUrl: 'https://my.shop.com/a b',
  shopId: 'sqX6cqHi6hbj',
};

describe('a shop that installs the app', () => {
  test('proves, confirms, and has its webhooks accepted', async () => {
    const { register, send, published, deadLetters, log } = start();
    const { status, body } = await register(query, byApp());
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        proof: hex(app, proven),
        secret: expect.stringMatching(/^[0-9a-f]{64}$/),
        confirmation_url: 'https://localhost/webhooks/shopware?confirmation=true',
      },
    });
    const secret = String(body.secret);
    const confirmed = new URL(String(body.confirmation_url));
    expect(await send(secret, JSON.stringify(credentials), confirmed.search)).toBe(200);
    expect(await send(secret, paid)).toBe(200);
    expect(published()).toBe(1);
    expect(deadLetters).toEqual([]);
    expect(log()).toContain('shop registered');
    for (const unsaid of [secret, app, 'sqX6cqHi6hbj', credentials.apiKey, credentials.secretKey])
      expect(log()).not.toContain(unsaid);
  });

  test.each([
    ['cut off', JSON.stringify(credentials).slice(0, 70)],
    ['that looks like an order', JSON.stringify({ ...credentials, ...JSON.parse(paid) })],
    ['that is a list', JSON.stringify([credentials])],
  ])('leaves no credentials behind by a confirmation %s', async (_, body) => {
    const { send, secretGiven, deadLetters, published } = start();
    expect(await send(await secretGiven(byApp()), body, '?confirmation=true')).toBe(200);
    expect(deadLetters).toEqual([]);
    expect(published()).toBe(0);
  });

  test('cannot confirm with another secret', async () => {
    const { send } = start();
    expect(await send(app, JSON.stringify(credentials), '?confirmation=true')).toBe(401);
  });
});

test('a shop on the machine of npm start confirms without TLS', () => {
  const request = { method: 'GET', path: '/webhooks/shopware', query, body: Buffer.from('') };
  const route = { route: { key: 'GET /webhooks/shopware' }, parameters: {} };
  const event = toEvent({ ...request, headers: { host: '127.0.0.1:4001' } }, route);
  expect(registrationOf(event)).toMatchObject({ query, address: 'http://127.0.0.1:4001/webhooks/shopware' });
});

describe('a shop that registers again', () => {
  test('gets another secret each time, as Shopware demands, and both are accepted', async () => {
    const { secretGiven, send } = start();
    const first = await secretGiven(byApp());
    const second = await secretGiven(byShop(first));
    expect(second).not.toBe(first);
    expect(await secretGiven(byShop(second))).toBe(first);
    for (const secret of [first, second]) expect(await send(secret, paid)).toBe(200);
  });

  test('is refused if it does not have a secret from here', async () => {
    const { register, secretGiven, log } = start();
    const first = await secretGiven(byApp());
    for (const held of ['x', app, `${first}x`])
      expect(await register(query, byShop(held))).toMatchObject({ status: 401 });
    expect(log()).toContain('the shop has a secret that is not from here');
  });

  test('moves to the new secret of the manifest while both are configured', async () => {
    const old = await start(['old app']).secretGiven(byApp(query, 'old app'));
    const both = start(['old app', app]);
    const { body } = await both.register(query, byShop(old));
    expect(body.proof).toBe(hex(app, proven));
    const now = String(body.secret);
    for (const secret of [old, now]) expect(await both.send(secret, paid)).toBe(200);
    const then = start([app]);
    expect(await then.send(now, paid)).toBe(200);
    expect(await then.send(old, paid)).toBe(401);
  });
});

describe('a registration is refused', () => {
  test.each([
    ['without a signature', query, {}, 'no signature header'],
    ['with a malformed signature', query, { 'shopware-app-signature': 'x' }, 'malformed signature header'],
    ['of another query', queryAt(1), byApp(), 'no signature matches'],
    ['of another app', query, byApp(query, 'other'), 'no signature matches'],
    ['by the shop alone', query, { 'shopware-shop-signature': hex(app, query) }, 'no signature header'],
    ['that is old', queryAt(-301), byApp(queryAt(-301)), 'signed 301 seconds ago'],
    ['from the future', queryAt(301), byApp(queryAt(301)), 'signed 301 seconds ahead'],
    ['without a time', 'shop-id=a&shop-url=b', byApp('shop-id=a&shop-url=b'), 'no shop-id'],
    ['without a shop', 'shop-url=b&timestamp=1', byApp('shop-url=b&timestamp=1'), 'no shop-id'],
    ['without an address', 'shop-id=a&timestamp=1', byApp('shop-id=a&timestamp=1'), 'no shop-id'],
  ])('%s', async (_, asked, headers, reason) => {
    const { register, log, counted } = start();
    const { status, body } = await register(asked, headers);
    expect(counted()).toEqual(['WebhooksRefused']);
    expect({ status, body }).toMatchObject({ status: 401, body: { title: 'Authentication failed' } });
    expect(body).not.toHaveProperty('secret');
    expect(log()).toContain('registration refused');
    expect(log()).toContain(reason);
    expect(log()).not.toContain('sqX6cqHi6hbj');
  });

  test('up to five minutes off it is not', async () => {
    for (const asked of [queryAt(-300), queryAt(300)])
      expect(await start().register(asked, byApp(asked))).toMatchObject({ status: 200 });
  });

  test('with 404 if the sender is closed, or needs none', async () => {
    expect(await start([]).register(query, byApp())).toMatchObject({ status: 404 });
    expect(await start().register(query, byApp(), 'shopify')).toMatchObject({ status: 404 });
  });
});

const text = fc.oneof(fc.constantFrom('', app, query, hex('', query), hex('other', query)), fc.string());
law.prop([
  fc.oneof(
    fc.constant(query),
    fc.webQueryParameters(),
    fc.string().map((shop) => queryAt(0, encodeURI(shop))),
  ),
  fc.dictionary(fc.constantFrom('shopware-app-signature', 'shopware-shop-signature'), text),
])('whoever does not know the secret of the manifest gets no secret', async (asked, headers) => {
  const { register } = startReceiver({ secretsOf: () => [app, ''] });
  const { status, body } = await register(asked, headers);
  expect(status).toBe(401);
  expect(body).not.toHaveProperty('secret');
});
