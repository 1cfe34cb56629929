import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { addressable } from '../../../lib/bus/fields.ts';
import { decodedPath, matchRoute, startHttpApi, toEvent } from '../../../tools/aws/http-api.ts';
import { parseTemplate } from '../../../tools/aws/template.ts';

const keys = [
  'GET /notices',
  'GET /notices/{reference+}',
  'POST /notices/retry',
  'POST /notices/{reference+}',
];
const routes = [...keys, 'GET /messages/{id}', 'GET /openapi.json', '$default'].map((key) => ({ key }));

/** What API Gateway makes of a path. */
test.each([
  ['/notices/promo', 'promo'],
  ['/notices/order:1/shipment:7', 'order:1/shipment:7'],
  ['/notices/order%3A1%2Fshipment%3A7', 'order:1/shipment:7'],
  ['/notices/order:A~2f7', 'order:A~2f7'],
  ['/notices/a%20b+c', 'a b+c'],
  ['/notices/%C3%A9', 'é'],
  // Encoded once, the question mark cuts the path; encoded twice, too.
  ['/notices/promo%3F2', 'promo'],
  ['/notices/promo%253F2', 'promo'],
  ['/notices/a%252Fb', 'a/b'],
  // Whoever encodes a percent sign is refused, or sees it decoded again.
  ['/notices/50%25', undefined],
  ['/notices/50%', undefined],
  ['/notices/%E9', undefined],
  ['/notices/50%2525', '50%'],
])('the path %s has the reference %j', (path, reference) => {
  const decoded = decodedPath(path);
  const found = decoded === undefined ? undefined : matchRoute(routes, 'GET', decoded)?.parameters.reference;
  expect(found).toBe(reference);
});

test('every reference that the bridge accepts arrives as it was sent, however a client encodes it', () => {
  const accepted = z.string().check(addressable);
  const characters = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));
  const references = characters
    .map((character) => `a${character}b`)
    .filter((each) => accepted.safeParse(each).success);
  expect(references.length).toBeGreaterThan(500);
  for (const reference of references) {
    const paths = [encodeURIComponent(reference), new URL(`http://x/${reference}`).pathname.slice(1)];
    for (const path of paths)
      expect(matchRoute(routes, 'GET', decodedPath(`/notices/${path}`) ?? '')?.parameters).toEqual({
        reference,
      });
  }
});

test.each([
  ['GET', '/notices', 'GET /notices'],
  ['POST', '/notices/retry', 'POST /notices/retry'],
  ['POST', '/notices/retry/resolve', 'POST /notices/{reference+}'],
  ['GET', '/messages/a', 'GET /messages/{id}'],
  ['GET', '/messages/a/b', '$default'],
  ['GET', '/openapixjson', '$default'],
  ['OPTIONS', '/notices', '$default'],
])('%s %s goes to the route %s', (method, path, key) => {
  expect(matchRoute(routes, method, path)?.route.key).toBe(key);
});

describe('the event of a request', () => {
  const asked = { method: 'POST', path: '/a', query: '', headers: {}, body: Buffer.alloc(0) };
  const match = { route: { key: 'POST /a' }, parameters: {} };

  test('without a body has none', () => {
    expect(toEvent(asked, match)).not.toHaveProperty('body');
  });

  test.each([
    ['application/json', 'é', { body: 'é', isBase64Encoded: false }],
    ['text/plain; charset=utf-8', '🎁', { body: '🎁', isBase64Encoded: false }],
    ['application/x-www-form-urlencoded', 'a=b', { body: 'YT1i', isBase64Encoded: true }],
    ['application/json', Buffer.from([0xe9]), { body: '6Q==', isBase64Encoded: true }],
  ])('of the type %s has its body byte for byte', (type, body, expected) => {
    const request = { ...asked, headers: { 'content-type': type }, body: Buffer.from(body) };
    expect(toEvent(request, match)).toMatchObject(expected);
  });

  test('joins repeated parameters and separates cookies', () => {
    const request = { ...asked, query: 'a=1&a=%32&b', headers: { cookie: 'x=1; y=2' } };
    expect(toEvent(request, match)).toMatchObject({
      cookies: ['x=1', 'y=2'],
      headers: {},
      queryStringParameters: { a: '1,2', b: '' },
      rawQueryString: 'a=1&a=%32&b',
    });
  });
});

describe('the HTTP API of a template', () => {
  const template = parseTemplate({
    Resources: {
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          RouteKey: 'GET /a',
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
        },
      },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { IntegrationUri: { 'Fn::GetAtt': ['Fn', 'Arn'] }, PayloadFormatVersion: '2.0' },
      },
      Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'api-a' } },
    },
  });
  const ask = async (
    path: string,
    runFunction: (name: string) => Promise<unknown>,
    headers: Record<string, string> = {},
  ) => {
    const logged: string[] = [];
    const log = (line: string) => void logged.push(line);
    const origins = () => ['https://listed.example'];
    const { url, close } = await startHttpApi({ port: 0, template, origins, runFunction, log });
    const response = await fetch(`${url}${path}`, { headers });
    const answer = [response.status, await response.text(), response.headers.get('x-a'), logged.length];
    await close();
    return answer;
  };

  test('passes on what the function answers', async () => {
    const run = async (name: string) => ({ statusCode: 201, headers: { 'x-a': '1' }, body: `by ${name}` });
    expect(await ask('/a', run)).toEqual([201, 'by api-a', '1', 0]);
    const encoded = async () => ({ statusCode: 200, body: 'w6k=', isBase64Encoded: true });
    expect(await ask('/a', encoded)).toEqual([200, 'é', null, 0]);
  });

  test('runs ten functions at a time, and all in the end', async () => {
    let running = 0;
    let most = 0;
    const runFunction = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { statusCode: 200 };
    };
    const { url, close } = await startHttpApi({
      port: 0,
      template,
      origins: () => [],
      runFunction,
      log: () => {},
    });
    const all = await Promise.all(Array.from({ length: 40 }, () => fetch(`${url}/a`)));
    await close();
    expect(all.every(({ status }) => status === 200)).toBe(true);
    expect(most).toBeLessThanOrEqual(10);
  });

  test.each([
    ['/a', async () => Promise.reject(new Error('crashed')), 500, 'Internal Server Error', 1],
    ['/a', async () => ({}), 500, 'Internal Server Error', 1],
    ['/b', async () => ({ statusCode: 200 }), 404, 'Not Found', 0],
    ['/%', async () => ({ statusCode: 200 }), 400, 'Bad Request', 0],
  ] as const)('answers %s by itself', async (path, run, status, message, lines) => {
    expect(await ask(path, run)).toEqual([status, JSON.stringify({ message }), null, lines]);
  });

  test('lets through pages of listed origins, and webhooks whatever their origin', async () => {
    const statusFor = async (path: string, origin: string) =>
      (await ask(path, async () => ({ statusCode: 200 }), { origin }))[0];
    expect(await statusFor('/a', 'https://listed.example')).toBe(200);
    expect(await statusFor('/a', 'https://other.example')).toBe(403);
    // The template of this test has no route for it.
    expect(await statusFor('/webhooks/shopify', 'https://other.example')).toBe(404);
  });
});
