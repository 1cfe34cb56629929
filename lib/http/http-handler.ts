import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { type Instruments, instrumented } from '../runtime/handler.ts';
import { messages } from '../runtime/log.ts';
import { type Fault, InvalidInput, parse } from '../runtime/parse.ts';
import { matchesSecret } from '../runtime/secrets.ts';
import { type Input, type Operation, type RequestSchemas, takesBody } from './contract/operation.ts';
import { type FieldFault, Problem, problemResponse } from './contract/problem.ts';

/**
 * Accepts any of the configured tokens, so that a token can be rotated.
 * @throws {Problem} unauthorised
 */
export const requireToken = (authorization: string | undefined, tokens: readonly string[]): void => {
  const given = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  if (matchesSecret([given], tokens)) return;
  const detail = 'Send the header Authorization: Bearer <token> with one of the configured API tokens';
  throw new Problem('unauthorised', { detail }, { 'www-authenticate': 'Bearer' });
};

const varies = { vary: 'origin' };

/**
 * The headers that let a page of an allowed origin read the response
 * (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * @param origins such as `https://backoffice.example.com`; none by default
 * @throws {Problem} origin-refused for a page of any other origin
 */
export const crossOriginHeaders = (
  origin: string | undefined,
  origins: readonly string[],
): Record<string, string> => {
  if (origin === undefined) return origins.length === 0 ? {} : varies;
  if (!origins.includes(origin)) {
    const detail = 'The origin of the page is not listed in http.origins of bridge.config.ts';
    throw new Problem('origin-refused', { detail }, varies);
  }
  return {
    ...varies,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'location, retry-after',
  };
};

/** The headers for a preflight request, which carries no token. */
export const preflightHeaders = (methods: readonly string[]): Record<string, string> => ({
  'access-control-allow-methods': methods.join(', '),
  'access-control-allow-headers': 'authorization, content-type, idempotency-key',
  'access-control-max-age': '3600',
});

const largestBodyBytes = 256 * 1024;

/**
 * Parses a request with the schemas of an operation. The error names every invalid field.
 * @throws {Problem} invalid-request, too-large or not-json
 */
export const readRequest = <Request extends RequestSchemas>(
  operation: Operation<Request>,
  event: APIGatewayProxyEventV2,
): Input<Request> => {
  const { request } = operation;
  const faults: FieldFault[] = [];
  const read = <S extends z.core.$ZodType>(
    schema: S,
    value: unknown,
    place: (fault: Fault) => FieldFault,
  ) => {
    try {
      return { value: parse(schema, value, 'The request') };
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      faults.push(...error.faults.map(place));
      return undefined;
    }
  };
  const path = read<Request['path']>(request.path, event.pathParameters ?? {}, inParameter);
  const query = read<Request['query']>(request.query, event.queryStringParameters ?? {}, inParameter);
  const headers = read<Request['headers']>(request.headers, event.headers, inParameter);
  const content = read<Request['body']>(
    request.body,
    takesBody(operation) ? jsonIn(event) : undefined,
    inBody,
  );
  if (path && query && headers && content)
    return { path: path.value, query: query.value, headers: headers.value, body: content.value };
  throw invalid(faults);
};

const invalid = (errors: FieldFault[]): Problem => {
  const named = errors.map(({ pointer, parameter, detail }) => `${pointer ?? parameter}: ${detail}`);
  return new Problem('invalid-request', { detail: named.join('; '), errors });
};

const inParameter = ({ path, message }: Fault): FieldFault => ({
  parameter: path.join('.'),
  detail: message,
});

/** A fault in the body, located by a JSON pointer (RFC 6901) as a URI fragment, such as `#/items/0/name`. */
export const inBody = ({ path, message }: Fault): FieldFault => ({
  pointer: `#${path.map((part) => `/${escaped(String(part))}`).join('')}`,
  detail: message,
});

const escaped = (part: string): string =>
  encodeURIComponent(part.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'));

const isJson = (contentType: string | undefined): boolean =>
  /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType?.trim() ?? '');

/** The body byte for byte; empty if there is none. Some gateways send null for that, which AWS’s types do not know. */
export const bodyOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

const jsonIn = (event: APIGatewayProxyEventV2): unknown => {
  if (!isJson(event.headers['content-type']))
    throw new Problem('not-json', { detail: 'Send the header Content-Type: application/json' });
  const bytes = bodyOf(event);
  if (bytes.length > largestBodyBytes)
    throw new Problem('too-large', {
      detail: `The limit is ${largestBodyBytes} bytes, the body has ${bytes.length}`,
    });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid([
      { pointer: '#', detail: bytes.length === 0 ? 'is missing' : 'is not valid JSON in UTF-8' },
    ]);
  }
};

type Response = APIGatewayProxyStructuredResultV2;

/** What every operation needs. */
export interface HttpService extends Instruments {
  /** The tokens that are currently valid. */
  tokens: () => Promise<readonly string[]>;
  /** Origins whose pages may call the API from a browser. */
  origins: readonly string[];
}

/** The response of a handler. A body is serialised as JSON. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The parts of an invocation that a handler may need. */
export interface Invocation {
  event: APIGatewayProxyEventV2;
  remainingMs: () => number;
}

/**
 * The middleware stack for operations of the HTTP API. It checks the origin, then the token, then the request, and
 * then runs the operation. Every error becomes a problem document.
 */
export const httpHandler = <Request extends RequestSchemas, Service extends HttpService>(
  operation: Operation<Request>,
  build: () => Promise<Service>,
  handle: (input: Input<Request>, service: Service, invocation: Invocation) => Promise<Reply>,
) => {
  const { dependencies, middleware } = instrumented(build);

  const answer = async (event: APIGatewayProxyEventV2, remainingMs: () => number): Promise<Response> => {
    const service = await dependencies();
    const { headers } = event;
    let shared: Record<string, string> = {};
    try {
      if (!operation.isForServers) shared = crossOriginHeaders(headers.origin, service.origins);
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

/** The caller of a failed request learns only the request id, which finds the error in the log. */
const internalProblems: MiddlewareObj<APIGatewayProxyEventV2, Response> = {
  onError: (request) => {
    const detail = `The error is in the log, with the request id ${request.context.awsRequestId}`;
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
