import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { DeadLetter } from '../bus/dead-letters.ts';
import { type OutgoingEvent, PublishFailed } from '../bus/publisher.ts';
import { Problem, retryAfter } from '../http/contract/problem.ts';
import type { HttpService, Reply } from '../http/http-handler.ts';
import { inBody } from '../http/http-handler.ts';
import { messages } from '../runtime/log.ts';
import { metricNames } from '../runtime/metrics.ts';
import { InvalidInput } from '../runtime/parse.ts';
import type { SourceName } from '../runtime/secrets.ts';
import type { Reading, Webhook } from '../sources/source.ts';
import { sources } from '../sources/sources.ts';

/** Far above what any sender sends; API Gateway itself takes ten megabytes. */
const largestBodyBytes = 5 * 1024 * 1024;

/**
 * A webhook as it arrived, byte for byte.
 * @throws {Problem} too-large
 */
export const webhookOf = (event: APIGatewayProxyEventV2): Webhook => {
  const { headers, body = '', isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBodyBytes)
    throw new Problem('too-large', { detail: `At most ${largestBodyBytes} bytes are taken` });
  return { headers, query: event.queryStringParameters ?? {}, body: bytes };
};

export interface WebhookService extends HttpService {
  /** The secrets that a source may be signed with. */
  webhookSecrets: (source: SourceName) => Promise<readonly string[]>;
  /** Puts events of a source on the bus; those that were put there before may be left out. */
  publish: (source: SourceName, events: readonly OutgoingEvent[]) => Promise<void>;
  /** Puts what can never be read where an operator will find it. */
  deadLetter: DeadLetter;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** When the sender may well have another try. */
const soonSeconds = 30;

/**
 * Takes a webhook: proves it by its very bytes, reads it, and answers yes only when what it says is on the bus.
 * @throws {Problem} not-found, unauthorised, invalid-request, unavailable
 */
export const receive = async (service: WebhookService, name: string, webhook: Webhook): Promise<Reply> => {
  const { logger, metrics, now } = service;
  const count = (metric: string) => metrics.addMetric(metric, MetricUnit.Count, 1);
  const { source, secrets } = await known(service, name);
  const { isGenuine, accepted } = sources[source];
  if (!isGenuine(webhook, secrets, now())) {
    count(metricNames.webhooksRefused);
    throw new Problem('unauthorised', { detail: `Nothing proves that this comes from ${source}` });
  }
  const reading = await read(service, source, webhook);
  switch (reading.kind) {
    case 'ignored':
      count(metricNames.webhooksIgnored);
      logger.info(messages.webhookIgnored, { source, reason: reading.reason });
      return { status: 200 };
    case 'events':
      await putOnBus(service, source, reading.events);
      count(metricNames.webhooksTaken);
      logger.info(messages.webhookTaken, { source, eventIds: reading.events.map(({ id }) => id) });
      return { status: accepted };
  }
};

const isSource = (name: string): name is SourceName => Object.hasOwn(sources, name);

const known = async ({ webhookSecrets }: WebhookService, name: string) => {
  if (!isSource(name))
    throw new Problem('not-found', { detail: `No source is called ${name.slice(0, 100)}` });
  const secrets = await webhookSecrets(name);
  if (secrets.length > 0) return { source: name, secrets };
  throw new Problem('not-found', { detail: `No secret is set up for ${name}` });
};

/** A provider cannot mend what it sends, and gives up on whom it cannot please: then an operator has a look. */
const read = async (service: WebhookService, name: SourceName, webhook: Webhook): Promise<Reading> => {
  const source = sources[name];
  try {
    return source.read(webhook, service.now());
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const reason = error.message;
    if (source.accepted === 202) {
      throw new Problem('invalid-request', { detail: reason, errors: error.faults.map(inBody) });
    }
    await service.deadLetter(webhook.body.toString(), `${name}: ${reason}`);
    service.metrics.addMetric(metricNames.unreadable, MetricUnit.Count, 1);
    service.logger.error(messages.webhookUnreadable, { source: name, reason });
    return { kind: 'ignored', reason: 'it cannot be read' };
  }
};

const putOnBus = async (
  { publish, logger }: WebhookService,
  source: SourceName,
  events: readonly OutgoingEvent[],
): Promise<void> => {
  try {
    await publish(source, events);
  } catch (error) {
    if (!(error instanceof PublishFailed)) throw error;
    logger.error(messages.webhookNotTaken, { source, reason: error.message });
    const detail = 'The event bus does not take it for now; please send it again';
    throw new Problem('unavailable', { detail }, retryAfter(soonSeconds));
  }
};
