import { test as law } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateLimitIn } from '../../../lib/brevo/rate-limit.ts';
import { answering, clientOf, failureOf } from './servers.ts';

const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => `x-sib-ratelimit-${name}`);

test.each([
  [
    'all three values',
    { [`${limit}`]: '100', [`${remaining}`]: '99', [`${reset}`]: '3600' },
    { limit: 100, remaining: 99, resetSeconds: 3600 },
  ],
  ['only the reset', { [`${reset}`]: '12' }, { resetSeconds: 12 }],
  ['only the limit', { [`${limit}`]: '600' }, { limit: 600 }],
  ['zeros', { [`${remaining}`]: '0', [`${reset}`]: '0' }, { remaining: 0, resetSeconds: 0 }],
  ['no values', {}, {}],
  ['invalid values', { [`${limit}`]: 'many', [`${remaining}`]: '-1', [`${reset}`]: '1.5' }, {}],
  ['an empty value', { [`${remaining}`]: '' }, {}],
  ['a value given twice', { [`${remaining}`]: '5, 6' }, {}],
  ['an impossibly large value', { [`${reset}`]: '18446744073709551616' }, {}],
])(
  'the rate limit is read from an answer and from an error if the headers hold %s',
  async (_, headers, read) => {
    const ok = await clientOf(await answering(200, '{"id":"m1"}', headers)).messages.get('m1');
    expect(ok.rateLimit).toStrictEqual(read);
    const refused = await failureOf(clientOf(await answering(400, '', headers)).messages.get('m1'));
    expect(refused).toMatchObject({ rateLimit: read });
  },
);

law.prop([fc.string()])('any header value is read as a whole number or ignored', (text) => {
  const headers = new Headers({ 'x-sib-ratelimit-reset': encodeURI(text.toWellFormed()) });
  const { resetSeconds = 0 } = rateLimitIn(headers);
  expect(Number.isSafeInteger(resetSeconds) && resetSeconds >= 0).toBe(true);
});
