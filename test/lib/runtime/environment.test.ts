import { expect, test } from 'vitest';
import { readEnv } from '../../../lib/runtime/environment.ts';

test('what is asked for is read, and no more', () => {
  expect(readEnv({ A: '1', B: ' 2 ', C: '3' }, 'A', 'B')).toEqual({ A: '1', B: ' 2 ' });
});

test('every name that is missing or empty is named at once', () => {
  expect(() => readEnv({ A: '1', C: '' }, 'A', 'B', 'C', 'D')).toThrow(
    expect.objectContaining({
      name: 'InvalidInput',
      message: 'The environment is invalid: B: is not set; C: is empty; D: is not set',
    }),
  );
});

test('a name that every object has is missing all the same', () => {
  expect(() => readEnv(Object.create(null), 'constructor')).toThrow('constructor: is not set');
});
