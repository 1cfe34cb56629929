import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { type Instruments, instrumented } from '../runtime/handler.ts';
import { messages } from '../runtime/log.ts';
import { crossOriginHeaders, requireToken } from './access.ts';
import type { Input, Operation } from './contract/operation.ts';
import { Problem, problemResponse } from './contract/problem.ts';
import { readRequest } from './read-request.ts';

type Schema = z.core.$ZodType;
type Response = APIGatewayProxyStructuredResultV2;

/** What the stack itself needs. */
export interface HttpService extends Instruments {
  /** The tokens that are valid now. */
  tokens: () => Promise<readonly string[]>;
  /** Origins whose pages may call the API. */
  origins: readonly string[];
}

/** What a handler answers. A body becomes JSON. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An invocation, as far as a handler may need it. */
export interface Invocation {
  event: APIGatewayProxyEventV2;
  remainingMs: () => number;
}

/**
 * The one stack for operations of the HTTP API: origin, then token, then the request's shape, and only then the operation.
 * Whatever goes wrong becomes a problem document.
 */
export const httpHandler = <
  Path extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
  Service extends HttpService,
>(
  operation: Operation<Path, Query, Headers, Body>,
  build: () => Promise<Service>,
  handle: (
    input: Input<Path, Query, Headers, Body>,
    service: Service,
    invocation: Invocation,
  ) => Promise<Reply>,
) => {
  const { dependencies, middleware } = instrumented(build);

  const answer = async (event: APIGatewayProxyEventV2, remainingMs: () => number): Promise<Response> => {
    const service = await dependencies();
    const { headers } = event;
    let shared: Record<string, string> = {};
    try {
      shared = crossOriginHeaders(headers.origin, service.origins);
      if (!operation.isOpen) requireToken(headers.authorization, await service.tokens());
      const input = readRequest(operation, event);
      return withHeaders(responseOf(await handle(input, service, { event, remainingMs })), shared);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      service.logger.info(messages.requestRefused, { operation: operation.id, problem: error.kind });
      return withHeaders(problemResponse(error), shared);
    }
  };

  return middy<APIGatewayProxyEventV2, Response>()
    .use(internalProblems)
    .use(middleware)
    .handler((event: APIGatewayProxyEventV2, context: Context) =>
      answer(event, () => context.getRemainingTimeInMillis()),
    );
};

/** Nothing of an unexpected error reaches the caller but the id by which it is found in the log. */
const internalProblems: MiddlewareObj<APIGatewayProxyEventV2, Response> = {
  onError: (request) => {
    const detail = `It is logged with the request ${request.context.awsRequestId}`;
    request.response = withHeaders(problemResponse(new Problem('internal', { detail })), {});
  },
};

const responseOf = ({ status, body, headers }: Reply): Response =>
  body === undefined
    ? { statusCode: status, headers: { ...headers } }
    : {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      };

const withHeaders = (response: Response, shared: Record<string, string>): Response => ({
  ...response,
  headers: {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...shared,
    ...response.headers,
  },
});
