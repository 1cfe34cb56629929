import { expect, test } from 'vitest';
import { Problem } from '../../../lib/http/contract/problem.ts';
import { crossOriginHeaders } from '../../../lib/http/http-handler.ts';

const office = 'https://office.example.com';

test('without an origin, and with none chosen, nothing is said', () => {
  expect(crossOriginHeaders(undefined, [])).toEqual({});
  expect(crossOriginHeaders(undefined, [office])).toEqual({ vary: 'origin' });
});

test('a page of a chosen origin may read the answer', () => {
  expect(crossOriginHeaders(office, [office])).toMatchObject({
    'access-control-allow-origin': office,
    vary: 'origin',
  });
});

test.each([
  'https://evil.example.com',
  `${office}:8443`,
  'http://office.example.com',
  `${office}.evil.example`,
  'null',
])('a page of %s may not', (origin) => {
  expect(() => crossOriginHeaders(origin, [office])).toThrow(Problem);
  expect(() => crossOriginHeaders(origin, [])).toThrow(Problem);
});
