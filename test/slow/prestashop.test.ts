import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { visitorIdOf } from '../../lib/orders/map-event.ts';
import { orderStatuses } from '../../lib/texts/order-status.ts';
import { secretOf } from '../../tools/samples/webhooks.ts';
import { deadPort } from '../lib/brevo/servers.ts';
import { root } from '../support/local-run.ts';
import { received, startStandardReceiver } from '../support/standard-receiver.ts';

const module = 'docs/recipes/prestashop/conversationsbridge';

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  promisify(execFile)('php', args, { cwd: root, env: { PATH: process.env.PATH, ...env }, timeout: 60_000 });

const hasPhp = spawnSync('php', ['-r', 'exit((int) !extension_loaded("curl"));']).status === 0;

const history = { id: 9, id_order: 42, id_order_state: 4, date_add: '2026-11-02 10:00:00' };
const newState = (changed: Partial<typeof history> = {}) => ({
  name: 'ActionOrderHistoryAddAfter',
  parameters: { order_history: { ...history, ...changed } },
});
const newNumber = { name: 'ActionAdminOrdersTrackingNumberUpdate', parameters: { order: { id: 42 } } };
const header = { name: 'DisplayHeader', parameters: {} };

/** The states as PrestaShop installs them. */
const states = Object.entries({
  CHEQUE: 'pending',
  PAYMENT: 'paid',
  PREPARATION: 'processing',
  SHIPPING: 'shipped',
  DELIVERED: 'delivered',
  CANCELED: 'cancelled',
  REFUND: 'refunded',
  ERROR: 'payment_failed',
  OUTOFSTOCK_PAID: 'delayed',
  BANKWIRE: 'pending',
  WS_PAYMENT: 'paid',
  OUTOFSTOCK_UNPAID: 'pending',
  COD_VALIDATION: 'pending',
}).map(([key, status], at) => ({ key: `PS_OS_${key}`, id: at + 1, status }));

const shop = {
  finishes: true,
  hooks: [newState()],
  configuration: Object.fromEntries(states.map(({ key, id }) => [key, `${id}`])),
  Order: {
    reference: 'XKBKNABJK',
    id_customer: '7',
    id_lang: '1',
    id_currency: '1',
    id_carrier: '3',
    id_shop: '1',
    total_paid: '118.100000',
    number: '3SABC',
  },
  OrderState: { shipped: '0', delivery: '0', paid: '0' },
  Language: { locale: 'fr-FR' },
  Currency: { iso_code: 'EUR' },
  Carrier: { name: 'Colissimo', url: 'https://track.example/@' },
};

/** Opens a page of the shop, on which hooks are called. Gives what happens, in order. */
const open = async (url: string, changed: object = {}): Promise<string> => {
  const configuration = {
    CONVERSATIONSBRIDGE_URL: url,
    CONVERSATIONSBRIDGE_SECRET: secretOf('standard'),
    CONVERSATIONSBRIDGE_VISITOR_ID: 'local-visitor-secret',
    ...shop.configuration,
  };
  const SHOP = JSON.stringify({ ...shop, configuration, ...changed });
  return (await run(['test/support/prestashop.php'], { SHOP })).stdout;
};

/** The events that the bridge gets from a page. */
const sent = async (changed: object = {}) => {
  const { url, webhooks } = await startStandardReceiver();
  expect(await open(url, changed)).toBe(page);
  return webhooks.flatMap(received);
};

const page = '[page][cookie][page is out]';

describe.skipIf(!hasPhp)('the PrestaShop module (skipped where PHP with curl is not installed)', () => {
  test('signs as the example of Standard Webhooks is signed', async () => {
    const code = `require '${module}/src/event.php'; echo implode("\n", ConversationsBridge\\signedHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'));`;
    const { stdout } = await run(['-r', code]);
    expect(stdout.split('\n')).toEqual([
      'content-type: application/json',
      'webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp: 1614265330',
      'webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ]);
  });

  test('sends a new state, after the page, as docs/recipes/prestashop.md shows it', async () => {
    const { url, webhooks } = await startStandardReceiver();
    expect(await open(url)).toBe(page);
    const [, shown = ''] =
      /```json\n(.*?)```/s.exec(readFileSync('docs/recipes/prestashop.md', 'utf8')) ?? [];
    expect(webhooks.map(({ body }) => JSON.parse(body.toString()))).toEqual([JSON.parse(shown)]);
    const [event] = webhooks.flatMap(received);
    expect(event?.metadata.id).toBe('prestashop_order_42_history_9');
  });

  test('knows the states of PrestaShop by their keys', async () => {
    const events = await sent({ hooks: states.map(({ id }) => newState({ id_order_state: id })) });
    expect(events.map(({ data }) => data)).toMatchObject(states.map(({ status }) => ({ status })));
    expect(orderStatuses).toEqual(expect.arrayContaining(states.map(({ status }) => status)));
  });

  test.each([
    [{ shipped: '1', delivery: '1', paid: '1' }, 'shipped'],
    [{ delivery: '1', paid: '1' }, 'processing'],
    [{ paid: '1' }, 'paid'],
    [{}, 'prestashop_state_14'],
  ])("knows a state of the shop's own by its flags: %o is %s", async (flags, status) => {
    const OrderState = { ...shop.OrderState, ...flags };
    const events = await sent({ OrderState, hooks: [newState({ id_order_state: 14 })] });
    expect(events).toMatchObject([{ data: { status } }]);
  });

  test('sends a new tracking number as shipped, with a link', async () => {
    const Order = { ...shop.Order, number: '3S ABC/1' };
    expect(await sent({ Order, hooks: [newNumber] })).toMatchObject([
      {
        metadata: { id: expect.stringMatching(/^prestashop_order_42_tracking_\w+$/) },
        data: {
          status: 'shipped',
          trackingNumber: '3S ABC/1',
          trackingUrl: 'https://track.example/3S%20ABC%2F1',
        },
      },
    ]);
  });

  test('leaves out what an order does not have, and a link that is none', async () => {
    const Order = { ...shop.Order, number: 'É 1', total_paid: 0 };
    const Carrier = { name: ' ', url: 'javascript:@' };
    const [event] = await sent({ Order, Carrier, Language: { locale: '' } });
    expect(event?.data).toEqual({
      orderId: '42',
      orderNumber: 'XKBKNABJK',
      status: 'shipped',
      occurredAt: Date.parse('2026-11-02T09:00:00Z'),
      customerId: 'prestashop:7',
      currency: 'EUR',
      total: 0,
      trackingNumber: 'É 1',
    });
  });

  test('names the visitor as the bridge does', async () => {
    const shown = await open('', { hooks: [header] });
    const visitorId = visitorIdOf('local-visitor-secret', 'prestashop:7');
    expect(shown).toBe(
      `<script>window.BrevoConversationsSetup = { visitorId: '${visitorId}' };</script>[page]`,
    );
  });

  test('sends nothing without a URL', async () => {
    expect(await open('')).toBe(page);
  });

  test.each([
    ['is down', async () => `http://127.0.0.1:${await deadPort()}`, '.*connect.*'],
    ['refuses the event', async () => (await startStandardReceiver(401)).url, 'answered 401 {}'],
    ['never answers', async () => (await startStandardReceiver(0)).url, '.*timed out.*'],
  ])('sends the page first and loses only the event if the bridge %s', async (_, start, reason) => {
    const log = `\nConversations Bridge: prestashop_order_42_history_9 is lost: ${reason}`;
    const shown = await open(await start());
    expect(shown.startsWith(page)).toBe(true);
    expect(shown.slice(page.length)).toMatch(new RegExp(`^${log}$`));
  });

  test.each([
    ['the order cannot be read', { Order: undefined }, 'Order cannot be read'],
    [
      'the secret is wrong',
      { configuration: { CONVERSATIONSBRIDGE_URL: 'http://127.0.0.1:9' } },
      'the secret must be whsec_ and Base64',
    ],
  ])('sends the page first if %s', async (_, changed, reason) => {
    expect(await open('http://127.0.0.1:9', changed)).toBe(`${page}\nConversations Bridge: ${reason}`);
  });

  test('sends the page, and nothing else, if a hook is called without its parameters', async () => {
    const { url, webhooks } = await startStandardReceiver();
    const hooks = [newState(), newNumber].map((hook) => ({ ...hook, parameters: {} }));
    const shown = await open(url, { hooks });
    expect(shown.startsWith(page)).toBe(true);
    expect(webhooks).toEqual([]);
  });

  test('keeps a page that PHP cannot finish for two seconds at most, however many events it has', async () => {
    const { url, webhooks } = await startStandardReceiver(0);
    const shown = await open(url, { finishes: false, hooks: [newState(), newState(), newNumber] });
    expect(shown).toMatch(
      /^\[page\]\n.*_9 is lost: .*timed out.*\n.*: 2 more are lost: the bridge takes too long$/,
    );
    expect(webhooks).toHaveLength(1);
  });
});
