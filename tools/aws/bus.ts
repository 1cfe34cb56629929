/**
 * EventBridge's PutEvents, and the one call to Systems Manager that the functions make (both speak AWS JSON 1.1, so
 * one port serves both).
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { AwsError } from './aws-error.ts';
import { listen, type Running } from './listen.ts';
import type { Log } from './log.ts';
import { acceptEntries, type BusEvent } from './put-events.ts';
import type { QueuePolicy } from './queue-policy.ts';
import { sqsClient } from './queues.ts';
import { deliver, type Rule } from './rules.ts';
import { getParameter } from './ssm.ts';

export interface Bus extends Running {
  /** Resolves when every event taken so far is in its queues. */
  delivered: () => Promise<void>;
}

export interface BusOptions {
  port: number;
  buses: string[];
  rules: Rule[];
  policies: QueuePolicy[];
  queuesUrl: string;
  /** Values of Systems Manager's parameters by name. */
  parameters: Record<string, string>;
  log: Log;
  now: () => Date;
  /** Is told of each event that is taken, and of the queues that it goes to. */
  onEvent?: OnEvent | undefined;
}

export type OnEvent = (event: BusEvent, queues: string[]) => void;

export const startBus = async (options: BusOptions): Promise<Bus> => {
  const { port, rules, policies, queuesUrl, log, now, onEvent } = options;
  const buses = ['default', ...options.buses];
  const sqs = sqsClient(queuesUrl);
  const underway = new Set<Promise<void>>();

  const publish = (bus: string, event: BusEvent): void => {
    if (!buses.includes(bus)) {
      log(
        `bus: ${event['detail-type']} is lost: there is no bus ${bus} (EventBridge, too, accepts such an event)`,
      );
      return;
    }
    const matching = rules.filter((rule) => rule.bus === bus && rule.matches(event));
    for (const rule of matching) {
      const delivery = deliver(event, rule, { sqs, policies, log }).finally(() => underway.delete(delivery));
      underway.add(delivery);
    }
    const targets = matching.flatMap((rule) => rule.targets.map(({ queue }) => queue.logicalId));
    log(`bus: ${event['detail-type']} from ${event.source} → ${targets.join(', ') || 'no rule matches'}`);
    onEvent?.(event, targets);
  };

  const putEvents = (body: unknown) => {
    const results = acceptEntries(body, { now, newId: randomUUID });
    for (const result of results) if ('event' in result) publish(result.bus, result.event);
    return {
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results.map((result) => ('event' in result ? { EventId: result.event.id } : result)),
    };
  };

  const call = (target: string | undefined, body: unknown): unknown => {
    switch (target) {
      case 'AWSEvents.PutEvents':
        return putEvents(body);
      case 'AmazonSSM.GetParameter':
        return getParameter(body, options.parameters);
      default:
        throw new AwsError(
          'UnknownOperationException',
          `The local run does not know the operation ${target}.`,
        );
    }
  };

  const running = await listen((request, response) => void answer(request, response, call), port);
  return {
    url: running.url,
    delivered: async () => {
      await Promise.all(underway);
    },
    close: async () => {
      await running.close();
      await Promise.all(underway);
      sqs.destroy();
    },
  };
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  call: (target: string | undefined, body: unknown) => unknown,
): Promise<void> => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
  try {
    const target = request.headers['x-amz-target'];
    const result = call(typeof target === 'string' ? target : undefined, parseJson(await text(request)));
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
    throw new AwsError('SerializationException', 'The request body is no JSON.');
  }
};
