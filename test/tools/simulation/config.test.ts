import { expect, test } from 'vitest';
import { readOptions, withDefaults } from '../../../tools/simulation/config.ts';

test('without options the defaults count', () => {
  expect(readOptions([])).toEqual({
    seed: 1,
    orders: 100,
    limit: 100,
    window: 3600,
    kind: 'fixed',
    scope: 'account',
    faults: 'none',
    aws: 'none',
    outage: 0,
    freshness: 24,
    hours: 24,
    unknown: 'hold',
    json: false,
  });
});

test('options are read as what they mean', () => {
  expect(readOptions(['--seed', '7', '--hours', '0.5', '--faults', 'harsh', '--json'])).toEqual(
    withDefaults({ seed: 7, hours: 0.5, faults: 'harsh', json: true }),
  );
});

test('every option at fault is named', () => {
  expect(() => readOptions(['--orders', 'many', '--kind', 'round'])).toThrow(/orders.*kind/);
  expect(() => readOptions(['--colour', 'red'])).toThrow(/--colour/);
});
