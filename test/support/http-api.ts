import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { expect } from 'vitest';
import { routesWith } from '../../lib/http/contract/operations.ts';
import { fallbackRoute } from '../../lib/http/fallback-route.ts';
import type { HttpService } from '../../lib/http/http-handler.ts';
import { openApiOf } from '../../lib/http/openapi.ts';
import type { Bridge } from '../../lib/notices/reconcile.ts';
import { sources } from '../../lib/sources/sources.ts';
import { decodedPath, matchRoute } from '../../tools/aws/http-api.ts';
import { lambdaContext } from './lambda-context.ts';

const operations = routesWith(sources);

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export const token = 'test-token';

export interface Call {
  body?: unknown;
  /** Instead of the token's. Names in lower case, as API Gateway hands them on. */
  headers?: Record<string, string>;
  /** Handed on as it is, instead of `body` as JSON. */
  raw?: { body?: string | null | undefined; isBase64Encoded?: boolean | undefined };
}

/** An answer, its body parsed. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

const routes = operations.map(({ method, path, ...operation }) => ({
  key: `${method} ${path.replace('{reference}/resolve', '{reference}').replace('{reference}', '{reference+}')}`,
  operation: { method, path, ...operation },
}));

/** The operation that API Gateway would choose, with the parameters of its path. */
const routeOf = (method: string, path: string) => {
  const decoded = decodedPath(path);
  return decoded === undefined ? undefined : matchRoute(routes, method, decoded);
};

/**
 * A request as API Gateway hands it to a function.
 * @throws Error for a path that API Gateway refuses
 */
export const apiEvent = (
  method: string,
  target: string,
  { body, headers = { authorization: `Bearer ${token}` }, raw }: Call = {},
): APIGatewayProxyEventV2 => {
  const [path = '/', rawQueryString = ''] = target.split('?');
  const query = Object.fromEntries(new URLSearchParams(rawQueryString));
  const content = raw ?? (body === undefined ? {} : { body: JSON.stringify(body) });
  const rawPath = decodedPath(path);
  if (rawPath === undefined) throw new Error(`API Gateway refuses the path ${path}`);
  const match = matchRoute(routes, method, rawPath);
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: match?.route.key ?? '$default',
    rawPath,
    rawQueryString,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(rawQueryString === '' ? {} : { queryStringParameters: query }),
    ...(match === undefined ? {} : { pathParameters: match.parameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
  };
  return Object.assign(event, content);
};

const document = openApiOf(operations);

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'api', ...document });

/** Checks an answer against the document that the API gives of itself. */
export const expectDocumented = (method: string, path: string, { status, headers, body }: Answer): void => {
  const type = headers['content-type'];
  if (status >= 400) expect(type).toBe('application/problem+json');
  const operation = routeOf(method, path.split('?')[0] ?? '')?.route.operation;
  if (operation === undefined) return;
  const at = ['paths', operation.path, method.toLowerCase(), 'responses', String(status)];
  const response = at.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );
  expect(response, `${method} ${operation.path} does not document ${status}`).toBeDefined();
  if (type === undefined) {
    expect(response).not.toHaveProperty('content');
    return;
  }
  const pointer = [...at, 'content', type, 'schema'].map((key) =>
    encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  const validate = ajv.getSchema(`api#/${pointer.join('/')}`);
  expect(validate, `${method} ${operation.path} documents no ${type} for ${status}`).toBeDefined();
  validate?.(body);
  expect(validate?.errors ?? []).toEqual([]);
};

/** All handlers of the API on one service; each answer is checked against the document. */
export const createApi = async (service: Bridge & HttpService) => {
  const build = async () => service;
  const handlers: Record<string, Handler> = {};
  for (const [id, file] of Object.entries(files)) {
    const { createHandler } = await import(`../../functions/${file}.ts`);
    handlers[id] = createHandler(build);
  }
  return async (method: string, target: string, call: Call = {}): Promise<Answer> => {
    const path = target.split('?')[0] ?? '';
    const handler = handlers[routeOf(method, path)?.route.operation.id ?? 'fallbackRoute'];
    if (handler === undefined) throw new Error(`no handler for ${method} ${target}`);
    const {
      statusCode = 0,
      headers = {},
      body,
    } = await handler(apiEvent(method, target, call), lambdaContext());
    const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const answer = {
      status: statusCode,
      headers: texts,
      body: body === undefined ? undefined : JSON.parse(body),
    };
    expectDocumented(method, target, answer);
    return answer;
  };
};

/** The file of each operation's handler, named as the operation is. */
export const files: Record<string, string> = Object.fromEntries(
  [...operations, fallbackRoute].map(({ id, tag, method }) => {
    const ofWebhooks = method === 'GET' ? 'registerSource' : 'receiveWebhook';
    const name = tag === 'Webhooks' ? ofWebhooks : id;
    return [id, name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)];
  }),
);

/** What the handlers need beside all that takes a desired state to the chat. */
export const access = {
  newId: randomUUID,
  tokens: async () => [token, 'next-token'],
  origins: [] as string[],
  /** Every source of webhooks is closed. */
  webhookSecrets: async () => [],
};
