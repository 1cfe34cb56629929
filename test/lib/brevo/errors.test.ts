import { expect, test } from 'vitest';
import * as errors from '../../../lib/brevo/errors.ts';
import { neverConnected } from '../../../lib/brevo/errors.ts';
import { simulatedBrevo } from '../../tools/brevo/simulated-brevo.ts';
import { answering, clientOf, failureOf } from './servers.ts';

const limits = {
  'x-sib-ratelimit-limit': '100',
  'x-sib-ratelimit-remaining': '0',
  'x-sib-ratelimit-reset': '1800',
};
const rateLimit = { limit: 100, remaining: 0, resetSeconds: 1800 };
const path = '/conversations/pushedMessages/m1';

/** The error that a GET ends with if Brevo answers like this. */
const faultOf = async (status: number, body = '', headers: Record<string, string> = limits) =>
  failureOf(clientOf(await answering(status, body, headers)).pushedMessages.get('m1'));

test.each([
  [400, errors.RequestRefused],
  [402, errors.Unauthorised],
  [405, errors.RequestRefused],
  [406, errors.RequestRefused],
  [422, errors.RequestRefused],
  [401, errors.Unauthorised],
  [403, errors.Unauthorised],
  [404, errors.NotFound],
  [429, errors.RateLimited],
  [500, errors.ServerError],
  [502, errors.ServerError],
  [503, errors.ServerError],
  [504, errors.ServerError],
])('status %i has its own error class, with Brevo’s message and the rate limit', async (status, Fault) => {
  const error = await faultOf(status, '{"code":"a_code","message":"Some words"}');
  expect(error).toBeInstanceOf(Fault);
  expect(error).toMatchObject({
    name: Fault.name,
    method: 'GET',
    path,
    status,
    rateLimit,
    code: 'a_code',
    brevoMessage: 'Some words',
    message: expect.stringMatching(`^GET ${path}: ${status} a_code: Some words`),
  });
});

test.each([
  ['has no code', '{"message":"Some words"}', undefined, 'Some words', '400 Some words'],
  ['has no message', '{"code":"a_code"}', 'a_code', undefined, '400 a_code'],
  [
    'has a code that is not a string',
    '{"code":7,"message":"Some words"}',
    undefined,
    'Some words',
    '400 Some words',
  ],
  ['has a message that is not a string', '{"code":"a_code","message":[]}', 'a_code', undefined, '400 a_code'],
  ['is JSON, but not an object', '["a"]', undefined, undefined, '400'],
  ['is an HTML page', '<html>Bad gateway</html>', undefined, undefined, '400'],
  ['is empty', '', undefined, undefined, '400'],
])('an error whose body %s is read as far as possible', async (_, body, code, brevoMessage, said) => {
  expect(await faultOf(400, body)).toMatchObject({
    name: 'RequestRefused',
    code,
    brevoMessage,
    message: `GET ${path}: ${said}`,
  });
});

test('a long message from Brevo is truncated', async () => {
  const error = await faultOf(400, JSON.stringify({ code: 'c', message: 'x'.repeat(3_000_000) }));
  expect(error).toMatchObject({ code: 'c', brevoMessage: 'x'.repeat(500) });
});

test.each([
  [401, 'authentication not found in headers', 'key-missing', 'secrets'],
  [401, 'Key not found', 'key-unknown', 'does not know this API key'],
  [
    401,
    'We have detected you are using an unrecognised IP address 2001:db8::7. …',
    'address-refused',
    'Authorised IPs',
  ],
  [401, 'Unrecognized IP', 'address-refused', 'Authorised IPs'],
  [401, 'Something else, in a zip file', 'unexplained', 'no known reason'],
  [401, '', 'unexplained', 'no known reason'],
  [402, 'not_enough_credits', 'payment-required', 'invoices'],
  [403, 'permission_denied', 'forbidden', 'plan'],
  [403, 'Your IP address is not allowed', 'address-refused', 'Authorised IPs'],
])('%i with "%s" has the reason %s and includes advice', async (status, message, reason, advice) => {
  const error = await faultOf(status, JSON.stringify({ message }));
  expect(error).toBeInstanceOf(errors.Unauthorised);
  expect(error).toMatchObject({ reason, status, message: expect.stringContaining(advice) });
});

test('a 401 with an empty body is unexplained', async () => {
  expect(await faultOf(401)).toMatchObject({ name: 'Unauthorised', reason: 'unexplained' });
});

test('the three kinds of 401 from the simulated Brevo are distinguished', async () => {
  const { brevo, control } = await simulatedBrevo();
  const reasonWith = async (apiKey: string) =>
    failureOf(clientOf(brevo.baseUrl, { credentials: async () => ({ apiKey }) }).messages.get('m1'));
  expect(await reasonWith('')).toMatchObject({ reason: 'key-missing', code: 'unauthorized' });
  expect(await reasonWith('wrong')).toMatchObject({ reason: 'key-unknown' });
  await control('POST', '/switches', { ipRestricted: true });
  expect(await reasonWith('right-key')).toMatchObject({ reason: 'address-refused' });
});

test.each(['json', 'no-code', 'html', 'empty'] as const)(
  'errors of the simulated Brevo are recognised if their body is %s',
  async (errorBody) => {
    const { brevo } = await simulatedBrevo({ switches: { errorBody } });
    const { pushedMessages } = clientOf(brevo.baseUrl);
    const refused = await failureOf(pushedMessages.post({ visitorId: 'v', text: 'x', agentId: 'nobody' }));
    expect(refused).toBeInstanceOf(errors.RequestRefused);
    expect(refused).toMatchObject({
      status: 400,
      code: errorBody === 'json' ? 'invalid_parameter' : undefined,
      message: expect.stringMatching(/^POST \/conversations\/pushedMessages: 400/),
    });
  },
);

test('a 429 includes the time until the reset', async () => {
  const { brevo, clock } = await simulatedBrevo({ limit: { limit: 1 } });
  const { messages } = clientOf(brevo.baseUrl);
  await failureOf(messages.get('m1'));
  clock.now += 600_000;
  const error = await failureOf(messages.get('m1'));
  expect(error).toBeInstanceOf(errors.RateLimited);
  expect(error).toMatchObject({ rateLimit: { limit: 1, remaining: 0, resetSeconds: 3000 } });
});

test.each([301, 302, 303, 304, 307, 308])(
  'a redirect (%i) is an error and is not followed',
  async (status) => {
    const elsewhere = await answering(200, '{"id":"m1"}');
    const { messages } = clientOf(await answering(status, '', { location: elsewhere }));
    expect(await failureOf(messages.get('m1'))).toMatchObject({ name: 'ServerError', status });
  },
);

test('after a 408 the outcome is unknown', async () => {
  const error = await faultOf(408, '{"message":"Request timeout"}');
  expect(error).toBeInstanceOf(errors.OutcomeUnknown);
  expect(error).toMatchObject({ method: 'GET', path, rateLimit, message: expect.stringContaining('408') });
});

test.each([
  ['is empty', ''],
  ['is not JSON', '<html></html>'],
  ['is not an object', '"m1"'],
  ['has no id', '{"text":"Hello"}'],
  ['has an empty id', '{"id":""}'],
])('the outcome is unknown after a success whose body %s', async (_, body) => {
  for (const status of [200, 201]) {
    const error = await faultOf(status, body);
    expect(error).toBeInstanceOf(errors.OutcomeUnknown);
    expect(error).toMatchObject({
      message: `GET ${path}: ${status}, but the body is not valid, the outcome is unknown`,
      cause: expect.any(Error),
      rateLimit,
    });
  }
});

test.each([
  [201, ''],
  [201, 'OK'],
  [204, ''],
  [200, '{}'],
])('%i with the body "%s" is a success if the operation returns no message', async (status, body) => {
  const { pushedMessages, pingAgent } = clientOf(await answering(status, body, limits));
  expect(await pingAgent({ agentId: 'a' })).toMatchObject({ rateLimit });
  expect(await pushedMessages.delete('m1')).toMatchObject({ rateLimit });
});

// Errors as Node and undici create them. Those that a real socket can easily cause are in network.test.ts.
const failed = (code: string, syscall?: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

test.each([
  ['no route while connecting', failed('EHOSTUNREACH', 'connect'), true],
  ['no route once connected', failed('EHOSTUNREACH', 'read'), false],
  ['no answer while connecting', failed('ETIMEDOUT', 'connect'), true],
  ['no answer once connected', failed('ETIMEDOUT', 'read'), false],
  ['an unavailable name server', failed('EAI_AGAIN', 'getaddrinfo'), true],
  ['undici’s time-out for connecting', failed('UND_ERR_CONNECT_TIMEOUT'), true],
  ['undici’s time-out for the answer', failed('UND_ERR_HEADERS_TIMEOUT'), false],
  ['a reset', failed('ECONNRESET', 'read'), false],
  ['a broken pipe', failed('EPIPE', 'write'), false],
  ['a certificate that has expired', failed('CERT_HAS_EXPIRED'), true],
  ['a certificate for another name', failed('ERR_TLS_CERT_ALTNAME_INVALID'), true],
  ['a certificate of an unknown issuer', failed('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), true],
  ['an encrypted record that was tampered with', failed('ERR_SSL_BAD_RECORD_MAC'), false],
  ['an error without a code', new Error('?'), false],
  ['a code that is not a string', Object.assign(new Error('?'), { code: 20 }), false],
])('neverConnected classifies %s correctly', (_, cause, never) => {
  expect(neverConnected(cause)).toBe(never);
  expect(neverConnected(fetchFailed(cause))).toBe(never);
});

test('neverConnected is true for several addresses only if none was reached', () => {
  const refused = failed('ECONNREFUSED', 'connect');
  const late = failed('ETIMEDOUT', 'connect');
  expect(neverConnected(fetchFailed(new AggregateError([refused, late])))).toBe(true);
  expect(neverConnected(fetchFailed(new AggregateError([refused, failed('EPIPE', 'write')])))).toBe(false);
  expect(neverConnected(fetchFailed(new AggregateError([])))).toBe(false);
});

test('neverConnected is false for a value that is not an error', () => {
  expect(neverConnected('ECONNREFUSED')).toBe(false);
  expect(neverConnected(fetchFailed({ code: 'ECONNREFUSED', syscall: 'connect' }))).toBe(false);
});
