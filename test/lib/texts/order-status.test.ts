import { expect, test } from 'vitest';
import { orderStatuses, orderStatusOf, statusFacts } from '../../../lib/texts/order-status.ts';

const statuses = { engraving: { after: 'paid', about: 'order' } } as const;
const meaning = (status: string, statusMap: Record<string, string> = { done: 'delivered' }) =>
  orderStatusOf(status, { statuses, statusMap });

test('a built-in status means itself, whatever the statusMap contains', () => {
  for (const status of orderStatuses) expect(meaning(status)).toEqual({ status, ...statusFacts[status] });
});

test('a shop’s status means what the statusMap says', () => {
  expect(meaning('wc-completed', { 'wc-completed': 'delivered' })?.status).toBe('delivered');
  expect(meaning('wc-engraving', { 'wc-engraving': 'engraving' })?.status).toBe('engraving');
});

test.each(['unknown', '', 'Paid', 'constructor', '__proto__', 'toString', 'ignore'])(
  'the unknown status %j has no meaning',
  (status) => {
    expect(meaning(status)).toBeUndefined();
  },
);

test('a return has a lower rank than a refund and a higher one than a delivery', () => {
  const rank = (status: (typeof orderStatuses)[number]) => statusFacts[status].rank;
  expect(rank('delivered')).toBeLessThan(rank('returned'));
  expect(rank('returned')).toBeLessThan(rank('refunded'));
  expect(rank('paid')).toBeLessThan(rank('shipped'));
});

test('stored ranks never change', () => {
  expect(orderStatuses.map((status) => statusFacts[status].rank)).toEqual([
    100, 200, 300, 400, 500, 600, 600, 700, 700, 750, 800, 900, 1000, 1100,
  ]);
});

test('a shop’s own status comes between the one it follows and the next one', () => {
  expect(meaning('engraving')).toEqual({ status: 'engraving', rank: 425, about: 'order' });
});
