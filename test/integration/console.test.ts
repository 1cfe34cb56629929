import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import config from '../../bridge.config.ts';
import { budgetSchema } from '../../lib/budget/budget.ts';
import type { weekdays } from '../../lib/presence/agents.ts';
import { showPresence } from '../../tools/console/budget.ts';
import { incomingOrder } from '../support/incoming.ts';
import { startConnected } from './start-connected.ts';

test('an empty first visit invites with orders of three customers in three languages', async () => {
  const { read } = await startConnected();
  const { orders, notices, bus, queue, budget, chat, brevo } = await read();
  expect(orders.map(({ customer, orderId, locale, status }) => [customer, orderId, locale, status])).toEqual([
    ['Ada Okafor', '2041', 'en-GB', undefined],
    ['Léa Fontaine', '2042', 'fr-FR', undefined],
    ['Jonas Weber', '2043', 'de-DE', undefined],
  ]);
  expect([notices.total, bus.total, queue.waiting, chat?.messages]).toEqual([0, 0, 0, []]);
  expect(budget).toMatchObject({ limit: 100, free: 100, spent: { presence: 0, http: 0, messages: 0 } });
  expect(brevo).toEqual({});
});

test('a status goes on the bus as an event that the bridge’s queue gets', async () => {
  const { read, perform } = await startConnected();
  expect(await perform('order', { visitorId: 'lea', status: 'paid' })).toEqual({
    status: 200,
    done: 'Sent paid of order 2042 to the event bus.',
  });
  const { bus, queue } = await read();
  expect(bus).toMatchObject({
    total: 1,
    recent: [{ type: 'order.status_changed', about: 'order 2042 paid', isTaken: true }],
  });
  expect(queue.waiting).toBe(1);
  expect(await perform('order', { visitorId: 'nobody', status: 'paid' })).toMatchObject({ status: 409 });
  expect(await perform('order', { visitorId: 'lea', status: 'lost' })).toMatchObject({ status: 422 });
});

test('an order shows its latest status, and another can be started', async () => {
  const { read, perform, store } = await startConnected();
  await store.record(incomingOrder({ reference: 'order:2041', visitorId: 'ada', status: 'shipped' }));
  const [ada] = (await read()).orders;
  expect(ada).toMatchObject({ orderId: '2041', status: 'shipped', state: 'pending' });
  await perform('new-order', { visitorId: 'ada' });
  await perform('locale', { visitorId: 'ada', locale: 'es' });
  const [next] = (await read()).orders;
  expect(next).toMatchObject({ orderId: '2044', locale: 'es' });
  expect(next).not.toHaveProperty('status');
});

test('an event from the editor is checked field by field before it is sent', async () => {
  const { perform, read } = await startConnected();
  const data = { orderId: {}, status: 'paid', occurredAt: 'yesterday', currency: 'euro' };
  const faults = [
    { field: 'orderId', message: 'expected a string or a whole number' },
    { field: 'occurredAt', message: 'expected a time with its zone, such as 2026-03-01T09:30:00Z' },
    { field: 'currency', message: 'expected an ISO 4217 code such as EUR' },
  ];
  expect(await perform('check-event', { type: 'order.status_changed', data })).toMatchObject({
    status: 200,
    faults,
  });
  expect(await perform('event', { type: 'order.status_changed', data })).toMatchObject({
    status: 422,
    faults,
  });
  expect(await perform('event', { type: 'order.lost', data: {} })).toMatchObject({
    status: 422,
    faults: [{ field: 'detail-type' }],
  });
  expect((await read()).bus.total).toBe(0);
  const good = { orderId: 7, status: 'paid', occurredAt: new Date().toISOString(), visitorId: 'ada' };
  expect(await perform('event', { type: 'order.status_changed', data: good })).toMatchObject({ status: 200 });
  expect((await read()).queue.waiting).toBe(1);
});

test('the editor names an unknown status, an unknown field and a date too old, all at once', async () => {
  const { perform, read } = await startConnected();
  const check = async (type: string, data: object) => {
    const { faults } = z
      .object({ faults: z._default(z.array(z.object({ field: z.string(), message: z.string() })), []) })
      .parse(await perform('check-event', { type, data }));
    return faults.map(({ field, message }) => `${field} ${message}`);
  };
  const order = { orderId: '7', occurredAt: '2026-01-15T09:30:00Z', items: [{ name: 'Mug', count: 2 }] };
  const wrong = { ...order, status: 'shiped', trackingURL: 'https://example.com', currency: 'euro' };
  const tooOld = 'occurredAt is too old: no message is sent for it (freshnessHours of bridge.config.ts)';
  expect(await check('order.status_changed', wrong)).toEqual([
    'currency expected an ISO 4217 code such as EUR',
    expect.stringMatching(/^status 'shiped' is not one of pending, /),
    'items.0.count is no field of order.status_changed',
    'trackingURL is no field of order.status_changed',
    tooOld,
  ]);
  expect(await check('order.status_changed', { ...order, status: 'completed' })).toEqual([
    'items.0.count is no field of order.status_changed',
    tooOld,
  ]);
  const now = new Date().toISOString();
  const ended = {
    reference: 'r',
    text: 't',
    occurredAt: now,
    expiresAt: '2026-01-15T09:30:00Z',
    locale: null,
  };
  expect(await check('notice.requested', ended)).toEqual(['expiresAt is over: no message is sent']);
  expect(await check('notice.withdrawn', { reference: 'r', occurredAt: '2026-01-15T09:30:00Z' })).toEqual([]);
  expect(await check('announcement.published', {})).toHaveLength(4);
  expect(await perform('event', { type: 'order.status_changed', data: wrong })).toMatchObject({
    status: 422,
  });
  expect((await read()).bus.total).toBe(0);
});

test('samples are sent with the present time: events to the bus, webhooks signed to the HTTP API', async () => {
  const { perform, read, asked } = await startConnected();
  const { samples } = (await read()).run;
  expect(samples).toContainEqual({
    file: 'receive-webhook.shopify-order-paid.json',
    kind: 'webhook',
    title: 'Shopify order paid',
  });
  await perform('sample', { file: 'push-message.order-paid.json' });
  const { bus } = await read();
  expect(bus.recent[0]?.about).toBe('order 1001 paid');
  await perform('sample', { file: 'receive-webhook.shopify-order-paid.json' });
  expect(asked[0]).toMatchObject({ method: 'POST', url: '/webhooks/shopify' });
  expect(asked[0]?.headers['x-shopify-hmac-sha256']).toMatch(/^.{44}$/);
  expect(await perform('sample', { file: '../package.json' })).toMatchObject({ status: 409 });
});

test('every sample can be sent', async () => {
  const { perform, read } = await startConnected();
  for (const { file } of (await read()).run.samples) {
    const answer = await perform('sample', { file });
    // One of them is there to show what is not JSON.
    expect([file, answer.status]).toEqual([file, file.includes('not-json') ? 422 : 200]);
  }
});

test('an operator answers through the HTTP API, whose token the page does not have', async () => {
  const { perform, asked, read } = await startConnected();
  await perform('resolve', { reference: 'order:2041/shipment:a b', action: 'resend' });
  expect(asked[0]).toMatchObject({
    method: 'POST',
    url: '/notices/order%3A2041/shipment%3Aa%20b/resolve',
    headers: { authorization: 'Bearer the-token' },
    body: { action: 'resend' },
  });
  await perform('withdraw', { reference: 'order:2041' });
  expect(asked[1]).toMatchObject({ method: 'DELETE', url: '/notices/order%3A2041' });
  expect(JSON.stringify(await read())).not.toContain('the-token');
});

test('the HTTP API’s own words say why it refused', async () => {
  const body = { type: 'urn:x', title: 'Conflict', status: 409, detail: 'The notice is not held.' };
  const { perform } = await startConnected({ api: { status: 409, body } });
  expect(await perform('resolve', { reference: 'order:1', action: 'retry' })).toEqual({
    status: 409,
    error: 'The notice is not held.',
  });
});

test('Brevo fails as chosen, and works again', async () => {
  const { perform, read } = await startConnected();
  for (const fault of ['down', 'slow', 'lost', 'busy', 'refused', 'revoked']) {
    await perform('fault', { fault });
    expect((await read()).brevo?.fault).toBe(fault);
  }
  await perform('fault', { fault: null });
  expect((await read()).brevo).not.toHaveProperty('fault');
});

test('a tight limit is the bridge’s before it is Brevo’s, and given up after Brevo’s', async () => {
  const { perform, overrides } = await startConnected();
  const requests = { limit: 5, windowSeconds: 60, scope: 'account' };
  await perform('pace', { isTight: true });
  expect(overrides).toMatchObject([{ requests, brevoAllows: { limit: 10_000 } }]);
  await perform('pace', { isTight: false });
  expect(overrides.at(1)).toMatchObject({
    requests: undefined,
    brevoAllows: { limit: 100, windowSeconds: 3600 },
  });
});

test('the tight limit is Brevo’s, too', async () => {
  const { perform, brevo } = await startConnected();
  await perform('pace', { isTight: true });
  expect(await brevo.control('limit', {})).toMatchObject({ limit: 5, windowSeconds: 60 });
});

test('the chat shows what visitors write, and what Brevo has of the bridge', async () => {
  const { perform, read, brevo } = await startConnected();
  await perform('write', { visitorId: 'ada', text: 'Where is my mug?' });
  const sent = await fetch(`${brevo.baseUrl}/conversations/pushedMessages`, {
    method: 'POST',
    headers: { 'api-key': 'test-key', 'content-type': 'application/json' },
    body: JSON.stringify({ visitorId: 'ada', text: 'On its way.' }),
  });
  expect(sent.status).toBe(200);
  const { chat } = await read();
  expect(chat?.messages.map(({ text, isFromVisitor }) => [text, isFromVisitor])).toEqual([
    ['Where is my mug?', true],
    ['On its way.', false],
  ]);
});

test('what waits is delivered at once when asked', async () => {
  const { perform, ran } = await startConnected();
  await perform('deliver');
  expect(ran).toEqual([expect.stringMatching(/-deliver-pending$/)]);
});

test('beside a real Brevo there is neither a chat nor a fault to choose', async () => {
  const { read, does } = await startConnected({ real: 'https://api.brevo.com/v3' });
  const state = await read();
  expect(state.run.realBrevo).toBe('https://api.brevo.com/v3');
  expect(state).not.toHaveProperty('chat');
  expect(state).not.toHaveProperty('brevo');
  expect(['fault', 'pace', 'write', 'order', 'resolve'].map(does)).toEqual([false, false, false, true, true]);
});

const shiftsOn = (days: readonly (typeof weekdays)[number][]) => {
  const agent = {
    agentEmail: 'liz@example.com',
    agentName: 'Liz',
    receivedFrom: 'test',
    shifts: [{ days: [...days], from: '09:00', to: '18:00', timeZone: 'UTC' }],
  };
  const presence = { ...config.presence, agents: [agent] };
  return showPresence({ ...config, presence }, budgetSchema.parse({}), 0)[0]?.shifts;
};

test.each([
  [['mon', 'tue', 'wed', 'thu', 'fri'], 'Mon–Fri'],
  [['fri', 'mon', 'wed'], 'Mon, Wed, Fri'],
  [['sat', 'sun'], 'Sat, Sun'],
  [['tue'], 'Tue'],
] as const)('a shift on %j is shown as %s', (days, shown) => {
  expect(shiftsOn(days)).toEqual([`${shown} 09:00–18:00, UTC`]);
});
