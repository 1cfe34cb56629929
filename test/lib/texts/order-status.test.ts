import { expect, test } from 'vitest';
import { orderStatuses, orderStatusOf } from '../../../lib/texts/order-status.ts';

test('a status of ours means itself, whatever else the map holds', () => {
  for (const status of orderStatuses) expect(orderStatusOf(status, { done: 'delivered' })).toBe(status);
});

test("a shop's own status means what the map says", () => {
  expect(orderStatusOf('wc-completed', { 'wc-completed': 'delivered' })).toBe('delivered');
});

test.each(['unknown', '', 'Paid', 'constructor', '__proto__', 'toString'])('%j means nothing', (status) => {
  expect(orderStatusOf(status, { done: 'delivered' })).toBeUndefined();
});

test('goods come back before the money does, and after the delivery', () => {
  const rank = (status: (typeof orderStatuses)[number]) => orderStatuses.indexOf(status);
  expect(rank('delivered')).toBeLessThan(rank('returned'));
  expect(rank('returned')).toBeLessThan(rank('refunded'));
  expect(rank('paid')).toBeLessThan(rank('shipped'));
});
