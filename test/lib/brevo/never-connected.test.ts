import { expect, test } from 'vitest';
import { neverConnected } from '../../../lib/brevo/errors.ts';

// As Node and undici make them; those that are easily had from a real socket are in network.test.ts.
const failed = (code: string, syscall?: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

test.each([
  ['no route while connecting', failed('EHOSTUNREACH', 'connect'), true],
  ['no route once connected', failed('EHOSTUNREACH', 'read'), false],
  ['no answer while connecting', failed('ETIMEDOUT', 'connect'), true],
  ['no answer once connected', failed('ETIMEDOUT', 'read'), false],
  ['a name server that is away', failed('EAI_AGAIN', 'getaddrinfo'), true],
  ['undici’s time-out for connecting', failed('UND_ERR_CONNECT_TIMEOUT'), true],
  ['undici’s time-out for the answer', failed('UND_ERR_HEADERS_TIMEOUT'), false],
  ['a reset', failed('ECONNRESET', 'read'), false],
  ['a broken pipe', failed('EPIPE', 'write'), false],
  ['a certificate that has expired', failed('CERT_HAS_EXPIRED'), true],
  ['a certificate for another name', failed('ERR_TLS_CERT_ALTNAME_INVALID'), true],
  ['a certificate of an unknown issuer', failed('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), true],
  ['an encrypted record that was tampered with', failed('ERR_SSL_BAD_RECORD_MAC'), false],
  ['an error without a code', new Error('?'), false],
  ['a code that is no text', Object.assign(new Error('?'), { code: 20 }), false],
])('%s', (_, cause, never) => {
  expect(neverConnected(cause)).toBe(never);
  expect(neverConnected(fetchFailed(cause))).toBe(never);
});

test('of several addresses, all must have been out of reach', () => {
  const refused = failed('ECONNREFUSED', 'connect');
  const late = failed('ETIMEDOUT', 'connect');
  expect(neverConnected(fetchFailed(new AggregateError([refused, late])))).toBe(true);
  expect(neverConnected(fetchFailed(new AggregateError([refused, failed('EPIPE', 'write')])))).toBe(false);
  expect(neverConnected(fetchFailed(new AggregateError([])))).toBe(false);
});

test('what is no error tells nothing', () => {
  expect(neverConnected('ECONNREFUSED')).toBe(false);
  expect(neverConnected(fetchFailed({ code: 'ECONNREFUSED', syscall: 'connect' }))).toBe(false);
});
