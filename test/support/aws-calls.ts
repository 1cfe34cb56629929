/** A server that stands before AWS's and writes down what is asked of them. */
import { buffer } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { listen, type Running } from '../../tools/aws/listen.ts';

/** One thing that was asked for: an action as policies name it, and the resource by its name or URL. */
export interface AwsCall {
  action: string;
  resource: string;
}

const single = z.object({ TableName: z.string(), IndexName: z.optional(z.string()) });
const batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const entries = z.object({ Entries: z.array(z.object({ EventBusName: z.string() })) });

/** What each action is about, by what begins the header `x-amz-target`. */
const services: Record<string, { prefix: string; resources: (body: unknown) => string[] }> = {
  DynamoDB_20120810: {
    prefix: 'dynamodb',
    resources: (body) => {
      const many = batch.safeParse(body);
      if (many.success) return Object.keys(many.data.RequestItems);
      const { TableName, IndexName } = single.parse(body);
      return [IndexName === undefined ? TableName : `${TableName}/index/${IndexName}`];
    },
  },
  AmazonSQS: {
    prefix: 'sqs',
    resources: (body) => [z.object({ QueueUrl: z.string() }).parse(body).QueueUrl],
  },
  AmazonSSM: {
    prefix: 'ssm',
    resources: (body) => [`parameter${z.object({ Name: z.string() }).parse(body).Name}`],
  },
  AWSEvents: {
    prefix: 'events',
    resources: (body) => entries.parse(body).Entries.map(({ EventBusName }) => EventBusName),
  },
};

const callsIn = (target: string, body: string): AwsCall[] => {
  const [begin = '', operation = ''] = target.split('.');
  const service = services[begin];
  if (service === undefined) return [{ action: target, resource: 'an unknown service' }];
  return service
    .resources(JSON.parse(body))
    .map((resource) => ({ action: `${service.prefix}:${operation}`, resource }));
};

/**
 * Passes every call on, and its answer back.
 * @param urls where each service answers, by the prefix of its actions, such as `dynamodb`
 */
export const startAwsCalls = async (
  urls: Record<string, string>,
): Promise<Running & { calls: AwsCall[] }> => {
  const calls: AwsCall[] = [];
  const server = await listen(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    const body = await buffer(request);
    // The SDK sends what is for a queue to the address of the queue, which is this server's for the function.
    calls.push(...callsIn(target, body.toString().replace(server.url, urls.sqs ?? '')));
    const url = urls[services[target.split('.')[0] ?? '']?.prefix ?? ''];
    if (url === undefined) return void response.writeHead(400).end();
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const answer = await fetch(url, { method: 'POST', headers: { ...texts(headers) }, body });
    response.writeHead(answer.status, Object.fromEntries(kept(answer.headers)));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }, 0);
  return { ...server, calls };
};

const texts = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Fetch has unpacked the body. */
const kept = (headers: Headers): [string, string][] =>
  [...headers].filter(
    ([name]) => !['content-encoding', 'content-length', 'transfer-encoding', 'connection'].includes(name),
  );
