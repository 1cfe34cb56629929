import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { describeOrder, type OrderDetails } from '../../../lib/texts/order.ts';

const describe = (details: Partial<OrderDetails>, locale = 'en') =>
  describeOrder({ orderId: 'id-1', ...details }, locale);

test('the number is the one that the customer knows, or the id', () => {
  expect(describe({ orderNumber: '#1001' }).number).toBe('#1001');
  expect(describe({ orderNumber: '  ' }).number).toBe('id-1');
  expect(describe({}).number).toBe('id-1');
});

test('an order with only an id has no other field', () => {
  const known = Object.entries(describe({})).filter(([, value]) => value !== undefined);
  expect(known).toEqual([['number', 'id-1']]);
});

test('carrier and tracking are trimmed, and blank ones are left out', () => {
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
  // Unicode decides which kind of space a locale uses.
  expect(total?.replaceAll(/\s/gu, ' ')).toBe(written);
});

test('a total has as many decimals as its currency', () => {
  expect(describe({ total: 1250, currency: 'JPY' }).total).toBe('¥1,250');
});

test('a total of zero is kept', () => {
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
])('there is no total for %j', (details) => {
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
  'the day of the time %s is used as written',
  (estimatedDelivery) => {
    expect(describe({ estimatedDelivery }).estimatedDelivery).toBe('March 5, 2026');
  },
);

test.each(['', 'soon', '2026-02-30', '2026-13-01', '05/03/2026', '2026'])(
  'there is no day for %j',
  (estimatedDelivery) => {
    expect(describe({ estimatedDelivery }).estimatedDelivery).toBeUndefined();
  },
);

test.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
  'the time zone of the machine does not change the day: %s',
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
])('items in %s are formatted as a list', (locale, written) => {
  const items = [{ name: 'Mug', quantity: 2 }, { name: 'Tea' }, { name: 'Cup', quantity: 1 }];
  expect(describe({ items }, locale).items).toBe(written);
});

test('an empty list of items is left out', () => {
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
])('the description of an order never has blank fields', (details) => {
  for (const said of Object.values(describe(details))) {
    if (said !== undefined) expect(said.trim()).not.toBe('');
  }
});
