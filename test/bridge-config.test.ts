import { expect, test } from 'vitest';
import config from '../bridge.config.ts';
import { agentsOnShift } from '../lib/presence/shifts.ts';
import { woocommerce } from '../lib/sources/woocommerce/woocommerce.ts';
import type { OrderDetails } from '../lib/texts/order.ts';
import { orderStatuses, orderStatusOf } from '../lib/texts/order-status.ts';
import { orderText } from '../lib/texts/order-text.ts';

const order: OrderDetails = {
  orderId: 'id-1',
  orderNumber: '#1001',
  currency: 'EUR',
  total: 49.9,
  carrier: 'DHL',
  trackingNumber: '0034',
  trackingUrl: 'https://track.example.com/0034',
  estimatedDelivery: '2026-03-05',
};
const locales = ['en', 'fr', 'de', 'es'] as const;
const cases = locales.flatMap((locale) => orderStatuses.map((status) => ({ locale, status })));

test('the configuration has texts in English, French, German and Spanish', () => {
  expect(Object.keys(config.texts)).toEqual(locales);
});

test.each(cases)(
  'the $locale text for $status is written for this locale and names the order',
  ({ locale, status }) => {
    const text = orderText(config, { ...order, status, locale });
    expect(text).toContain('#1001');
    expect(Object.hasOwn(config.texts[locale] ?? {}, status)).toBe(true);
  },
);

test('no two statuses and no two languages share a text', () => {
  const texts = cases.map((each) => orderText(config, { ...order, ...each }));
  expect(new Set(texts).size).toBe(cases.length);
});

test.each([
  ['en', 'DHL', 'March 5, 2026'],
  ['en-GB', 'DHL', '5 March 2026'],
  ['fr-CA', 'DHL', '5 mars 2026'],
  ['de', 'DHL', '5. März 2026'],
  ['es', 'DHL', '5 de marzo de 2026'],
])(
  'the text for a shipped order in %s names carrier, delivery date and tracking',
  (locale, carrier, delivery) => {
    const text = orderText(config, { ...order, status: 'shipped', locale });
    for (const part of [carrier, delivery, '0034', ' https://track.example.com/0034'])
      expect(text).toContain(part);
    // A full stop after a link would become part of it.
    expect(text).toMatch(/0034$/);
  },
);

test('a text leaves out missing data', () => {
  expect(orderText(config, { orderId: '1001', status: 'shipped', locale: 'en' })).toBe(
    'Good news: your order 1001 is on its way.',
  );
});

test('the text for a refund names no amount, because it may be a partial refund', () => {
  for (const locale of locales)
    expect(orderText(config, { ...order, status: 'refunded', locale })).not.toMatch(/49/);
});

test.each([
  ['wc-partial-shipped', 'shipped'],
  ['wc-dispatched', 'shipped'],
  ['wc-awaiting-shipment', 'processing'],
  ['wc-ready-pickup', 'ready_for_pickup'],
  ['wc-picked-up', 'delivered'],
  ['wc-out-for-delivery', 'out_for_delivery'],
  ['wc-backordered', 'delayed'],
  ['wc-delivered', 'delivered'],
])('the status %s of a WooCommerce plug-in is %s', (status, expected) => {
  const order = { id: 1, status, date_modified_gmt: '2026-01-15T09:00:00' };
  const headers = { 'x-wc-webhook-topic': 'order.updated' };
  const body = Buffer.from(JSON.stringify(order));
  const reading = woocommerce.read({ headers, query: {}, body }, Date.parse('2026-01-15T09:00:01Z'));
  const [event] = reading.kind === 'events' ? reading.events : [];
  expect(orderStatusOf(Object(event?.data).status, config)?.status).toBe(expected);
});

test('agents are online in office hours', () => {
  expect(agentsOnShift(config.presence.agents, Date.parse('2026-01-05T09:00Z'))).toHaveLength(1);
  expect(agentsOnShift(config.presence.agents, Date.parse('2026-01-04T09:00Z'))).toHaveLength(0);
});
