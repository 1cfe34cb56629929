import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { describeOrder, type OrderDetails } from '../../../lib/texts/order.ts';

const describe = (details: Partial<OrderDetails>, locale = 'en') =>
  describeOrder({ orderId: 'id-1', ...details }, locale);

test('the number is the one the customer knows, else the id', () => {
  expect(describe({ orderNumber: '#1001' }).number).toBe('#1001');
  expect(describe({ orderNumber: '  ' }).number).toBe('id-1');
  expect(describe({}).number).toBe('id-1');
});

test('an order of which nothing else is known has nothing else', () => {
  const known = Object.entries(describe({})).filter(([, value]) => value !== undefined);
  expect(known).toEqual([['number', 'id-1']]);
});

test('carrier and tracking are trimmed, and blank ones are missing', () => {
  const { carrier, trackingNumber, trackingUrl } = describe({
    carrier: ' DHL ',
    trackingNumber: ' ',
    trackingUrl: 'https://a.example/1',
  });
  expect({ carrier, trackingNumber, trackingUrl }).toEqual({
    carrier: 'DHL',
    trackingNumber: undefined,
    trackingUrl: 'https://a.example/1',
  });
});

test.each([
  ['en', '€1,249.90'],
  ['en-GB', '€1,249.90'],
  ['fr', '1 249,90 €'],
  ['fr-CA', '1 249,90 €'],
  ['de', '1.249,90 €'],
  ['es', '1249,90 €'],
])('a total in %s is %s', (locale, written) => {
  const total = describe({ total: 1249.9, currency: 'EUR' }, locale).total;
  // Which of its kinds of space a locale uses is up to Unicode.
  expect(total?.replaceAll(/\s/gu, ' ')).toBe(written);
});

test('a currency has as many decimals as it has', () => {
  expect(describe({ total: 1250, currency: 'JPY' }).total).toBe('¥1,250');
});

test('a total of nothing is a total', () => {
  expect(describe({ total: 0, currency: 'EUR' }).total).toBe('€0.00');
});

test.each([
  { total: 5 },
  { currency: 'EUR' },
  { total: 5, currency: '' },
  { total: 5, currency: 'euro' },
  { total: 5, currency: '€' },
  { total: Number.NaN, currency: 'EUR' },
  { total: Number.POSITIVE_INFINITY, currency: 'EUR' },
])('no total is made of %j', (details) => {
  expect(describe(details).total).toBeUndefined();
});

test.each([
  ['en', 'March 5, 2026'],
  ['en-GB', '5 March 2026'],
  ['fr', '5 mars 2026'],
  ['de', '5. März 2026'],
  ['es', '5 de marzo de 2026'],
])('a day in %s is %s', (locale, written) => {
  expect(describe({ estimatedDelivery: '2026-03-05' }, locale).estimatedDelivery).toBe(written);
});

test.each(['2026-03-05T23:30:00-05:00', '2026-03-05T00:30:00+09:00', '2026-03-05T12:00:00.000Z'])(
  'of the time %s the day counts as it is written',
  (estimatedDelivery) => {
    expect(describe({ estimatedDelivery }).estimatedDelivery).toBe('March 5, 2026');
  },
);

test.each(['', 'soon', '2026-02-30', '2026-13-01', '05/03/2026', '2026'])(
  'no day is made of %j',
  (estimatedDelivery) => {
    expect(describe({ estimatedDelivery }).estimatedDelivery).toBeUndefined();
  },
);

test.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
  'no time zone of the machine moves a day: %s',
  (zone) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      expect(describe({ estimatedDelivery: '2026-03-05' }).estimatedDelivery).toBe('March 5, 2026');
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  },
);

test.each([
  ['en', '2 × Mug, Tea, and Cup'],
  ['fr', '2 × Mug, Tea et Cup'],
])('items in %s are listed as one writes a list', (locale, written) => {
  const items = [{ name: 'Mug', quantity: 2 }, { name: 'Tea' }, { name: 'Cup', quantity: 1 }];
  expect(describe({ items }, locale).items).toBe(written);
});

test('no items make no list', () => {
  expect(describe({ items: [] }).items).toBeUndefined();
});

law.prop([
  fc.record(
    {
      orderNumber: fc.string(),
      currency: fc.string(),
      total: fc.double(),
      carrier: fc.string(),
      trackingNumber: fc.string(),
      trackingUrl: fc.string(),
      estimatedDelivery: fc.oneof(
        fc.string(),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      items: fc.array(fc.record({ name: fc.string(), quantity: fc.double() })),
    },
    { requiredKeys: [] },
  ),
])('whatever an event says, an order is described without blanks', (details) => {
  for (const said of Object.values(describe(details))) {
    if (said !== undefined) expect(said.trim()).not.toBe('');
  }
});
