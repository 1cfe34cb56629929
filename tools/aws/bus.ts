/**
 * EventBridge's PutEvents and what it says of partners' buses, and the one call to Systems Manager that the functions make
 * (both speak AWS JSON 1.1, so one port serves both).
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { accountId, region } from './account.ts';
import { describeBuses } from './describe-buses.ts';
import { type Log, listen, type Running } from './listen.ts';
import { AwsError, acceptEntries, type BusEvent } from './put-events.ts';
import type { QueuePolicy } from './queue-policy.ts';
import { sqsClient } from './queues.ts';
import { deliver, type Rule } from './rules.ts';

interface BusOptions {
  port: number;
  buses: string[];
  rules: Rule[];
  policies: QueuePolicy[];
  queuesUrl: string;
  /** Values of Systems Manager's parameters by name. */
  parameters: Record<string, string>;
  log: Log;
  now: () => Date;
  onEvent?: OnEvent | undefined;
}

/** Called with each event that the bus accepts, and the queues that it goes to. */
export type OnEvent = (event: BusEvent, queues: string[]) => void;

/** An event that PutEvents accepted is in its queues when the answer is sent. */
export const startBus = async (options: BusOptions): Promise<Running> => {
  const { port, rules, policies, queuesUrl, log, now, onEvent } = options;
  const buses = ['default', ...options.buses];
  const sqs = sqsClient(queuesUrl);

  const publish = async (bus: string, event: BusEvent): Promise<void> => {
    if (!buses.includes(bus)) {
      log(
        `bus: ${event['detail-type']} is lost: there is no bus ${bus} (EventBridge accepts such an event, too)`,
      );
      return;
    }
    const matching = rules.filter((rule) => rule.bus === bus && rule.matches(event));
    const targets = matching.flatMap((rule) => rule.targets.map(({ queue }) => queue.logicalId));
    log(`bus: ${event['detail-type']} from ${event.source} → ${targets.join(', ') || 'no rule matches'}`);
    onEvent?.(event, targets);
    await Promise.all(matching.map((rule) => deliver(event, rule, { sqs, policies, log })));
  };

  const putEvents = async (body: unknown) => {
    const results = acceptEntries(body, { now, newId: randomUUID });
    await Promise.all(
      results.map((result) => ('event' in result ? publish(result.bus, result.event) : undefined)),
    );
    return {
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results.map((result) => ('event' in result ? { EventId: result.event.id } : result)),
    };
  };

  const call = async (target: string | undefined, body: unknown): Promise<unknown> => {
    switch (target) {
      case 'AWSEvents.PutEvents':
        return putEvents(body);
      case 'AWSEvents.ListEventBuses':
      case 'AWSEvents.ListEventSources':
      case 'AWSEvents.DescribeEventSource':
      case 'AWSEvents.ListRules':
        return describeBuses(target, body, { buses, rules });
      case 'AmazonSSM.GetParameter':
        return getParameter(body, options.parameters);
      default:
        throw new AwsError('UnknownOperationException', `The local run does not support ${target}.`);
    }
  };

  const running = await listen((request, response) => void answer(request, response, call), port);
  return {
    url: running.url,
    close: async () => {
      await running.close();
      sqs.destroy();
    },
  };
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  call: (target: string | undefined, body: unknown) => Promise<unknown>,
): Promise<void> => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
  try {
    const target = request.headers['x-amz-target'];
    const result = await call(
      typeof target === 'string' ? target : undefined,
      parseJson(await text(request)),
    );
    response.writeHead(200, headers).end(JSON.stringify(result));
  } catch (error) {
    const { type, message } =
      error instanceof AwsError ? error : new AwsError('InternalFailure', String(error));
    response
      .writeHead(type === 'InternalFailure' ? 500 : 400, { ...headers, 'x-amzn-errortype': type })
      .end(JSON.stringify({ __type: type, message }));
  }
};

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
};

const parameterRequest = z.object({ Name: z.string(), WithDecryption: z._default(z.boolean(), false) });

/**
 * Systems Manager's GetParameter for secure strings: without `WithDecryption` the value stays unreadable, as in AWS.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 *
 * @throws AwsError ValidationException, ParameterNotFound
 */
const getParameter = (body: unknown, parameters: Record<string, string>) => {
  const request = parameterRequest.safeParse(body);
  if (!request.success) throw new AwsError('ValidationException', z.prettifyError(request.error));
  const { Name, WithDecryption } = request.data;
  const value = Object.hasOwn(parameters, Name) ? parameters[Name] : undefined;
  if (value === undefined)
    throw new AwsError('ParameterNotFound', `There is no parameter ${Name} in the local run.`);
  return {
    Parameter: {
      Name,
      ARN: `arn:aws:ssm:${region}:${accountId}:parameter${Name}`,
      DataType: 'text',
      Type: 'SecureString',
      Value: WithDecryption ? value : 'encrypted: ask for it WithDecryption',
      Version: 1,
    },
  };
};
