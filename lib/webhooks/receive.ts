import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { DeadLetter } from '../bus/dead-letters.ts';
import { type OutgoingEvent, PublishFailed, tooLargeCode } from '../bus/publisher.ts';
import { Problem, retryAfter } from '../http/contract/problem.ts';
import type { Reply } from '../http/http-handler.ts';
import { bodyOf, inBody } from '../http/http-handler.ts';
import { messages } from '../runtime/log.ts';
import { metricNames } from '../runtime/metrics.ts';
import { InvalidInput } from '../runtime/parse.ts';
import type { Reading, Source, Webhook } from '../sources/source.ts';
import { noteRefusal, type SenderService, senderNamed } from './sender.ts';

/** Far larger than any real webhook. API Gateway's own limit is ten megabytes. */
const largestBodyBytes = 5 * 1024 * 1024;

/**
 * The webhook with its body byte for byte.
 * @throws {Problem} too-large
 */
export const webhookOf = (event: APIGatewayProxyEventV2): Webhook => {
  const bytes = bodyOf(event);
  if (bytes.length > largestBodyBytes)
    throw new Problem('too-large', { detail: `The body must not be larger than ${largestBodyBytes} bytes` });
  return { headers: event.headers, query: event.queryStringParameters ?? {}, body: bytes };
};

export interface WebhookService extends SenderService {
  /** Puts events of a source on the bus. May omit those that are already there. */
  publish: (source: string, events: readonly OutgoingEvent[]) => Promise<void>;
  /** Stores input that can never be read, for an operator to find. */
  deadLetter: DeadLetter;
}

/** When the sender should try again. Seconds. */
const soonSeconds = 30;

/**
 * Receives a webhook: verifies its raw bytes, reads it, and accepts it only once its events are on the bus.
 * @throws {Problem} not-found, unauthorised, invalid-request, too-large, unavailable
 */
export const receive = async (service: WebhookService, name: string, webhook: Webhook): Promise<Reply> => {
  const { logger, metrics } = service;
  const count = (metric: string) => metrics.addMetric(metric, MetricUnit.Count, 1);
  const { source, secrets, clock } = await senderNamed(service, name);
  const reason = source.refusal(webhook, secrets, clock);
  if (reason !== undefined) {
    noteRefusal(service, messages.webhookRefused, { source: name, reason });
    throw new Problem('unauthorised', {
      detail: `The webhook carries no valid signature or secret for ${name}`,
    });
  }
  const reading = await read(service, { name, source }, webhook);
  switch (reading.kind) {
    case 'ignored':
      count(metricNames.webhooksIgnored);
      logger.info(messages.webhookIgnored, { source: name, reason: reading.reason });
      return { status: 200 };
    case 'events':
      await putOnBus(service, name, reading.events);
      count(metricNames.webhooksTaken);
      logger.info(messages.webhookTaken, { source: name, eventIds: reading.events.map(({ id }) => id) });
      return { status: source.accepted };
  }
};

/**
 * A provider cannot fix its webhooks, and disables an endpoint that keeps refusing them. An unreadable webhook is
 * therefore accepted and kept for an operator.
 */
const read = async (
  service: WebhookService,
  { name, source }: { name: string; source: Source },
  webhook: Webhook,
): Promise<Reading> => {
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
    return { kind: 'ignored', reason: 'unreadable' };
  }
};

const putOnBus = async (
  { publish, logger }: WebhookService,
  source: string,
  events: readonly OutgoingEvent[],
): Promise<void> => {
  try {
    await publish(source, events);
  } catch (error) {
    if (!(error instanceof PublishFailed)) throw error;
    logger.error(messages.webhookNotTaken, { source, reason: error.message });
    if (error.failed.every(({ code }) => code === tooLargeCode))
      throw new Problem('too-large', {
        detail: 'The event is larger than the event bus takes, even without items',
      });
    const detail = 'The event bus is not available, send the webhook again later';
    throw new Problem('unavailable', { detail }, retryAfter(soonSeconds));
  }
};
