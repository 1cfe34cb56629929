import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { nothing, operation } from '../../../lib/http/contract/operation.ts';
import { Problem } from '../../../lib/http/contract/problem.ts';
import {
  crossOriginHeaders,
  type HttpService,
  httpHandler,
  type Reply,
  requireToken,
} from '../../../lib/http/http-handler.ts';
import { access, apiEvent, type Call } from '../../support/http-api.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { captureLog } from '../../support/logger.ts';

const thing = operation({
  id: 'thing',
  method: 'GET',
  path: '/thing',
  tag: '',
  summary: '',
  description: '',
  request: nothing,
  answers: {},
  problems: [],
});

const start = (handle: () => Promise<Reply>, service: Partial<HttpService> = {}) => {
  const { logger, lines, logged } = captureLog();
  const build = async () => ({ logger, metrics: new Metrics({ namespace: 'test' }), ...access, ...service });
  const handler = httpHandler(thing, build, handle);
  const call = async (given: Call = {}) => {
    const { statusCode, headers, body } = await handler(apiEvent('GET', '/thing', given), lambdaContext());
    return { status: statusCode, headers, body: body === undefined ? undefined : JSON.parse(body) };
  };
  return { call, lines, logged };
};

test('the response of the handler is not cacheable', async () => {
  const { call } = start(async () => ({ status: 201, body: { id: 1 }, headers: { location: '/thing/1' } }));
  expect(await call()).toEqual({
    status: 201,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      location: '/thing/1',
    },
    body: { id: 1 },
  });
});

test('without a valid token the operation does not run', async () => {
  let runs = 0;
  const { call } = start(async () => {
    runs++;
    return { status: 204 };
  });
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Bearer test-tokeN', 'Bearer test-token2']) {
    const { status, headers, body } = await call({ headers: { authorization } });
    expect(status).toBe(401);
    expect(headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'content-type': 'application/problem+json',
    });
    expect(body).toMatchObject({ status: 401, title: expect.any(String), detail: expect.any(String) });
  }
  expect((await call({ headers: {} })).status).toBe(401);
  expect(runs).toBe(0);
  expect((await call({ headers: { authorization: 'Bearer next-token' } })).status).toBe(204);
  expect(runs).toBe(1);
});

test('the token is checked before the rest of the request', async () => {
  const { call } = start(async () => ({ status: 204 }));
  expect((await call({ headers: { authorization: 'Bearer x', 'content-type': 'text/plain' } })).status).toBe(
    401,
  );
});

test('a problem is returned unchanged, and logged without its details', async () => {
  const { call, logged, lines } = start(async () => {
    throw new Problem('conflict', { detail: 'secret detail' }, { 'retry-after': '3' });
  });
  expect(await call()).toMatchObject({
    status: 409,
    headers: { 'retry-after': '3' },
    body: { detail: 'secret detail' },
  });
  expect(logged()).toContain('INFO request refused');
  expect(JSON.stringify(lines)).not.toContain('secret detail');
});

test('for any other error, the caller learns only the request id', async () => {
  const { call, logged } = start(async () => {
    throw new Error('table notices-prod is gone');
  });
  const { status, body, headers } = await call();
  expect(status).toBe(500);
  expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  expect(body.detail).toBe('The error is in the log, with the request id request-1');
  expect(logged()).toContain('ERROR function failed');
});

test('if the tokens cannot be read, nobody has access', async () => {
  let runs = 0;
  const tokens = async () => {
    throw new Error('no secrets');
  };
  const { call } = start(
    async () => {
      runs++;
      return { status: 204 };
    },
    { tokens },
  );
  expect((await call()).status).toBe(500);
  expect(runs).toBe(0);
});

test('a page of an allowed origin may read responses and problems, and other pages are refused', async () => {
  const origins = ['https://office.example.com'];
  const { call } = start(async () => ({ status: 204 }), { origins });
  const from = (origin: string, authorization = 'Bearer test-token') =>
    call({ headers: { origin, authorization } });
  expect(await from('https://office.example.com')).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': 'https://office.example.com' },
  });
  expect(await from('https://office.example.com', 'Bearer x')).toMatchObject({
    status: 401,
    headers: { 'access-control-allow-origin': 'https://office.example.com' },
  });
  expect(await from('https://evil.example.com')).toMatchObject({ status: 403 });
});

const tokens = ['first-token', 'second-token'];

test.each(['Bearer first-token', 'bearer second-token', 'BEARER  first-token'])(
  'the Authorization header "%s" is accepted',
  (header) => {
    expect(() => requireToken(header, tokens)).not.toThrow();
  },
);

test.each([
  [undefined],
  [''],
  ['Bearer'],
  ['Bearer '],
  ['Bearer first-tokeN'],
  ['Bearer first-toke'],
  ['Bearer first-token2'],
  ['Bearer first-token '],
  ['Basic first-token'],
  ['first-token'],
  ['Bearer first-token,second-token'],
])('the Authorization header "%s" is refused', (header) => {
  const refusal = (): unknown => requireToken(header, tokens);
  expect(refusal).toThrow(Problem);
  expect(refusal).toThrow(
    expect.objectContaining({ kind: 'unauthorised', headers: { 'www-authenticate': 'Bearer' } }),
  );
});

test('without a configured token, or with an empty one, every header is refused', () => {
  for (const known of [[], ['']])
    for (const header of [undefined, '', 'Bearer ', 'Bearer x'])
      expect(() => requireToken(header, known)).toThrow(Problem);
});

const office = 'https://office.example.com';

test('a response has no CORS headers if the request has no origin and none is allowed', () => {
  expect(crossOriginHeaders(undefined, [])).toEqual({});
  expect(crossOriginHeaders(undefined, [office])).toEqual({ vary: 'origin' });
});

test('a page of an allowed origin gets CORS headers', () => {
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
])('a page of %s is refused', (origin) => {
  expect(() => crossOriginHeaders(origin, [office])).toThrow(Problem);
  expect(() => crossOriginHeaders(origin, [])).toThrow(Problem);
});
