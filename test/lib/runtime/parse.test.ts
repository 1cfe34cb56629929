import { test as law } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { InvalidInput, parse, parseJson } from '../../../lib/runtime/parse.ts';

const order = z.strictObject({
  id: z.string().check(z.minLength(1)),
  lines: z.array(z.object({ amount: z.int() })),
});

const failure = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

test('a valid value is returned as the schema transforms it', () => {
  const value = { id: 'o1', lines: [{ amount: 2, unknown: true }] };
  expect(parse(order, value, 'The order')).toEqual({ id: 'o1', lines: [{ amount: 2 }] });
  expect(parseJson(order, JSON.stringify(value), 'The order')).toEqual({ id: 'o1', lines: [{ amount: 2 }] });
});

test('the error names every invalid field in words', () => {
  const error = failure(() =>
    parse(order, { id: '', lines: [{ amount: 1 }, { amount: 'two' }] }, 'The order'),
  );
  expect(error).toBeInstanceOf(InvalidInput);
  expect(error).toMatchObject({
    name: 'InvalidInput',
    message:
      'The order is invalid: id: Too small: expected string to have >=1 characters; ' +
      'lines.1.amount: Invalid input: expected number, received string',
    faults: [
      { path: ['id'], message: expect.any(String) },
      { path: ['lines', 1, 'amount'], message: expect.any(String) },
    ],
  });
});

test('a fault of the whole value has no field', () => {
  expect(() => parse(order, null, 'The order')).toThrow(
    /^The order is invalid: Invalid input: expected object, received null$/,
  );
  expect(() => parse(order, { id: 'o1', lines: [], more: 1 }, 'The order')).toThrow(
    /^The order is invalid: more: does not belong here$/,
  );
});

test.each(['', '{', 'undefined', "{'id':1}", '\u0000', '{"id":"secret-value"'])(
  'the text %j is refused as invalid JSON, and not quoted in the error',
  (text) => {
    const error = failure(() => parseJson(order, text, 'The order'));
    expect(error).toBeInstanceOf(InvalidInput);
    expect(error).toMatchObject({
      message: 'The order is invalid: not JSON',
      faults: [{ path: [], message: 'not JSON' }],
    });
  },
);

law.prop([fc.json()])('JSON of another shape is refused as invalid, whatever it is', (text) => {
  const error = failure(() => parseJson(order, text, 'The order'));
  expect(error).toBeInstanceOf(InvalidInput);
});

law.prop([fc.stringMatching(/^[a-z]{12,}$/)])('an error never quotes an invalid value', (secret) => {
  const error = failure(() => parse(order, { id: secret, lines: secret }, 'The order'));
  expect(String(error)).not.toContain(secret);
});
