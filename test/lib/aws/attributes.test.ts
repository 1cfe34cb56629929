import * as sdk from '@aws-sdk/util-dynamodb';
import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { marshall, unmarshall } from '../../../lib/aws/attributes.ts';

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const item = fc.dictionary(
  fc.string().filter((name) => name !== '__proto__'),
  fc.oneof(value, fc.constant(undefined)),
  { noNullPrototype: true },
);

law.prop([item])('what is stored is what the AWS SDK would store, and comes back as it was', (given) => {
  const stored = marshall(given);
  expect(stored).toEqual(sdk.marshall(given, { removeUndefinedValues: true }));
  expect(unmarshall(stored)).toEqual(sdk.unmarshall(stored));
});

test.for([Number.NaN, Number.POSITIVE_INFINITY, () => {}, Symbol('s'), 1n])('%s is refused', (given) => {
  expect(() => marshall({ given })).toThrow(TypeError);
});
