/**
 * What an HTTP API of Amazon API Gateway does between a caller and a function.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { accountId } from './account.ts';
import type { RunFunction } from './lambda.ts';
import { type Log, listen, type Running } from './listen.ts';
import type { Template } from './template.ts';

interface Route {
  /** `GET /notices/{reference+}`, or `$default`. */
  key: string;
  functionName: string;
}

const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.object({
    'Fn::Join': z.tuple([z.string(), z.tuple([z.string(), z.object({ Ref: z.string() })])]),
  }),
});
const integrationSchema = z.object({
  IntegrationUri: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  PayloadFormatVersion: z.literal('2.0'),
});
const functionSchema = z.object({ FunctionName: z.string() });

/** @throws ZodError when a route leads to anything but a function of the template */
const readRoutes = ({ Resources }: Template): Route[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .map(({ Properties }) => {
      const { RouteKey: key, Target } = routeSchema.parse(Properties);
      const integration = Resources[Target['Fn::Join'][1][1].Ref];
      const { IntegrationUri } = integrationSchema.parse(integration?.Properties);
      const { Properties: named } = Resources[IntegrationUri['Fn::GetAtt'][0]] ?? {};
      return { key, functionName: functionSchema.parse(named).FunctionName };
    });

/**
 * The path as functions get it: decoded twice, and cut at a question mark that was encoded.
 * @returns undefined if it cannot be decoded; API Gateway answers that with 400
 */
export const decodedPath = (path: string): string | undefined => {
  try {
    return decodeURIComponent(decodeURIComponent(path)).split('?')[0];
  } catch {
    return undefined;
  }
};

/** Exact segments come before parameters, and greedy parameters last. */
const rank = (key: string): string =>
  key
    .split('/')
    .map((segment) => (segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0'))
    .join('');

/** The route that API Gateway chooses, and its parameters; undefined if there is not even a default route. */
export const matchRoute = <R extends { key: string }>(
  routes: readonly R[],
  method: string,
  path: string,
): { route: R; parameters: Record<string, string> } | undefined => {
  for (const route of routes.toSorted((a, b) => rank(a.key).localeCompare(rank(b.key)))) {
    const pattern = route.key
      .replaceAll(/[.$]/g, '\\$&')
      .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
      .replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)');
    const found = new RegExp(`^${pattern}$`, 's').exec(`${method} ${path}`);
    if (found !== null) return { route, parameters: { ...found.groups } };
  }
  const route = routes.find(({ key }) => key === '$default');
  return route && { route, parameters: {} };
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, and Lambda's limit of an event. */
const mostBytes = 6 * 1024 * 1024;

/** Bodies of all other types are encoded in base64. */
const isText = (type = ''): boolean => /^(text\/.*|application\/(json|xml|javascript))\s*(;|$)/i.test(type);

const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString()).equals(bytes);

/** The event of payload format 2.0. */
export const toEvent = (
  { method, path, query, headers, body }: Omit<Asked, 'url'> & { path: string; query: string },
  { route, parameters }: { route: { key: string }; parameters: Record<string, string> },
): APIGatewayProxyEventV2 => {
  const { cookie, ...others } = headers;
  const isBase64Encoded = body.length > 0 && !(isText(headers['content-type']) && isUtf8(body));
  const search = new URLSearchParams(query);
  const parameter = (name: string) => [name, search.getAll(name).join(',')];
  const now = new Date();
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    headers: others,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    ...(search.size === 0
      ? {}
      : { queryStringParameters: Object.fromEntries([...search.keys()].map(parameter)) }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    requestContext: {
      accountId,
      apiId: 'local',
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
};

/** A request as it came over the wire. */
interface Asked {
  method: string;
  /** Path and query, as they were sent. */
  url: string;
  /** Names in lower case; values of repeated headers joined by commas. */
  headers: Record<string, string>;
  body: Buffer;
}

interface Answered {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

const resultSchema = z.object({
  statusCode: z.int(),
  headers: z._default(z.record(z.string(), z.coerce.string()), {}),
  body: z._default(z.string(), ''),
  isBase64Encoded: z._default(z.boolean(), false),
});

/** What API Gateway says by itself. */
const ownAnswer = (status: number, message: string): Answered => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

interface Context {
  routes: Route[];
  runFunction: RunFunction;
  log: Log;
}

const answerTo = async (
  { url, ...asked }: Asked,
  { routes, runFunction, log }: Context,
): Promise<Answered> => {
  const [encoded = '/', ...queries] = url.split('?');
  const path = decodedPath(encoded);
  if (path === undefined) return ownAnswer(400, 'Bad Request');
  const match = matchRoute(routes, asked.method, path);
  if (match === undefined) return ownAnswer(404, 'Not Found');
  const event = toEvent({ ...asked, path, query: queries.join('?') }, match);
  if (JSON.stringify(event).length > mostBytes) return ownAnswer(413, 'Request Entity Too Large');
  try {
    const result = resultSchema.parse(await runFunction(match.route.functionName, event));
    const { statusCode: status, headers, body, isBase64Encoded } = result;
    return { status, headers, body: isBase64Encoded ? Buffer.from(body, 'base64') : body };
  } catch (error) {
    log(`${match.route.key} failed: ${error instanceof Error ? error.message : error}`);
    return ownAnswer(500, 'Internal Server Error');
  }
};

const serve = async (request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> => {
  const { method = 'GET', url = '/' } = request;
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
  );
  try {
    const answer = await answerTo({ method, url, headers, body: await buffer(request) }, context);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  } catch {
    // The caller has gone.
    response.destroy();
  }
};

/** As many as a new account of AWS runs at a time. Each of them starts a thread, and what waits here does not time out. */
const mostConcurrent = 10;

const inTurn = (runFunction: RunFunction): RunFunction => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (name, event) => {
    if (running === mostConcurrent) await new Promise<void>((resolve) => void waiting.push(resolve));
    else running++;
    try {
      return await runFunction(name, event);
    } finally {
      // Whoever waits takes this place.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
};

/**
 * Serves the routes of the template; port 0 takes any free one.
 *
 * @param origins those whose pages reach the functions. Whether a webhook is genuine, its function knows.
 */
export const startHttpApi = async ({
  port,
  template,
  origins,
  ...context
}: {
  port: number;
  template: Template;
  origins: () => readonly string[];
  runFunction: RunFunction;
  log: Log;
}): Promise<Running> => {
  const serving = { ...context, routes: readRoutes(template), runFunction: inTurn(context.runFunction) };
  const mayPass = ({ url = '', headers: { origin = '' } }: IncomingMessage): boolean =>
    url.startsWith('/webhooks/') || origins().includes(origin);
  return listen((request, response) => void serve(request, response, serving), port, mayPass);
};
