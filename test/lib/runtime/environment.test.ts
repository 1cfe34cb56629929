import { expect, test } from 'vitest';
import { readEnv } from '../../../lib/runtime/environment.ts';

test('only the requested variables are read', () => {
  expect(readEnv({ A: '1', B: ' 2 ', C: '3' }, 'A', 'B')).toEqual({ A: '1', B: ' 2 ' });
});

test('the error names every missing or empty variable', () => {
  expect(() => readEnv({ A: '1', C: '' }, 'A', 'B', 'C', 'D')).toThrow(
    expect.objectContaining({
      name: 'InvalidInput',
      message: 'The environment is invalid: B: is not set; C: is empty; D: is not set',
    }),
  );
});

test('a name that every object has is still reported as missing', () => {
  expect(() => readEnv(Object.create(null), 'constructor')).toThrow('constructor: is not set');
});
