import { expect, test } from 'vitest';
import { Problem } from '../../../lib/http/contract/problem.ts';
import { fromCursor, toCursor } from '../../../lib/http/notice-reply.ts';

const at = { key: 'notice#order:1/ä', queueOrder: '2.001772452800000' };

test('a cursor restores the position of a page’s end', () => {
  expect(fromCursor(toCursor(at))).toEqual(at);
});

const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  '',
  'nonsense',
  forged(null),
  forged({ ...at, key: 'budget' }),
  forged({ ...at, key: '' }),
  forged({ ...at, queueOrder: 'x' }),
  forged({ ...at, more: 1 }),
  forged({ key: at.key }),
])('the cursor %s is refused as an invalid parameter', (cursor) => {
  expect(() => fromCursor(cursor)).toThrow(Problem);
  expect(() => fromCursor(cursor)).toThrow(
    expect.objectContaining({
      fields: expect.objectContaining({ errors: [expect.objectContaining({ parameter: 'cursor' })] }),
    }),
  );
});
