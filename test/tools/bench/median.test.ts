import { expect, test } from 'vitest';
import { median, quantile } from '../../../tools/bench/median.ts';

test('half of the numbers lie below the median, in whatever order they come', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 3])).toBe(2);
  expect(median([])).toBeNaN();
});

test('a quantile is one of the numbers', () => {
  const hundred = Array.from({ length: 101 }, (_, index) => index);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred, 1)).toBe(100);
});
