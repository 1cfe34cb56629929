import { expect, test } from 'vitest';
import { orderStatuses, orderStatusOf } from '../../../lib/texts/order-status.ts';

test('a built-in status means itself, whatever the statusMap contains', () => {
  for (const status of orderStatuses) expect(orderStatusOf(status, { done: 'delivered' })).toBe(status);
});

test('a shop’s status means what the statusMap says', () => {
  expect(orderStatusOf('wc-completed', { 'wc-completed': 'delivered' })).toBe('delivered');
});

test.each(['unknown', '', 'Paid', 'constructor', '__proto__', 'toString'])(
  'the unknown status %j has no meaning',
  (status) => {
    expect(orderStatusOf(status, { done: 'delivered' })).toBeUndefined();
  },
);

test('a return has a lower rank than a refund and a higher one than a delivery', () => {
  const rank = (status: (typeof orderStatuses)[number]) => orderStatuses.indexOf(status);
  expect(rank('delivered')).toBeLessThan(rank('returned'));
  expect(rank('returned')).toBeLessThan(rank('refunded'));
  expect(rank('paid')).toBeLessThan(rank('shipped'));
});
