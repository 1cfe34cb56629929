/** The HTTP API, as API Gateway invokes the functions behind it. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { apiToken, type Operation } from './bridge.ts';
import type { Ending } from './gate.ts';

interface ApiRequest {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
}

/** `body` is undefined where the answer is not JSON. A function that dies or takes too long becomes a 503. */
export interface ApiReply {
  status: number;
  body: unknown;
}

export type Api = (operation: Operation, request: ApiRequest) => Promise<ApiReply>;

const response = z.object({ statusCode: z.int(), body: z.optional(z.string()) });

/** @param invoke runs the function of an operation */
export const createApi =
  (
    invoke: (operation: Operation, event: APIGatewayProxyEventV2) => Promise<Ending<unknown>>,
    now: () => number,
  ): Api =>
  async (operation, request) => {
    const ending = await invoke(operation, eventOf(request, now()));
    if (ending.kind !== 'done') return { status: 503, body: undefined };
    const { statusCode, body } = response.parse(ending.result);
    return { status: statusCode, body: body === undefined ? undefined : JSON.parse(body) };
  };

const eventOf = ({ path, query, body }: ApiRequest, now: number): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/',
  rawQueryString: '',
  headers: {
    authorization: `Bearer ${apiToken}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(path === undefined ? {} : { pathParameters: path }),
  ...(query === undefined ? {} : { queryStringParameters: query }),
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  isBase64Encoded: false,
  requestContext: {
    accountId: '000000000000',
    apiId: 'simulated',
    domainName: 'api.simulated',
    domainPrefix: 'api',
    http: { method: '', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'desk' },
    requestId: `request-${now}`,
    routeKey: '$default',
    stage: '$default',
    time: new Date(now).toISOString(),
    timeEpoch: now,
  },
});
