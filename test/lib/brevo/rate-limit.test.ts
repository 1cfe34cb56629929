import { test as law } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateLimitIn } from '../../../lib/brevo/rate-limit.ts';
import { answering, clientOf, failureOf } from './servers.ts';

const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => `x-sib-ratelimit-${name}`);

test.each([
  [
    'all three',
    { [`${limit}`]: '100', [`${remaining}`]: '99', [`${reset}`]: '3600' },
    { limit: 100, remaining: 99, resetSeconds: 3600 },
  ],
  ['only the reset', { [`${reset}`]: '12' }, { resetSeconds: 12 }],
  ['only the limit', { [`${limit}`]: '600' }, { limit: 600 }],
  ['zeros', { [`${remaining}`]: '0', [`${reset}`]: '0' }, { remaining: 0, resetSeconds: 0 }],
  ['none', {}, {}],
  ['nonsense', { [`${limit}`]: 'many', [`${remaining}`]: '-1', [`${reset}`]: '1.5' }, {}],
  ['an empty one', { [`${remaining}`]: '' }, {}],
  ['one given twice', { [`${remaining}`]: '5, 6' }, {}],
  ['one too large to be true', { [`${reset}`]: '18446744073709551616' }, {}],
])('%s of the headers can be read, from an answer as from an error', async (_, headers, read) => {
  const ok = await clientOf(await answering(200, '{"id":"m1"}', headers)).messages.get('m1');
  expect(ok.rateLimit).toStrictEqual(read);
  const refused = await failureOf(clientOf(await answering(400, '', headers)).messages.get('m1'));
  expect(refused).toMatchObject({ rateLimit: read });
});

law.prop([fc.string()])('whatever a header holds, it is a whole number or left out', (text) => {
  const headers = new Headers({ 'x-sib-ratelimit-reset': encodeURI(text.toWellFormed()) });
  const { resetSeconds = 0 } = rateLimitIn(headers);
  expect(Number.isSafeInteger(resetSeconds) && resetSeconds >= 0).toBe(true);
});
