/** Rules of the template: which events go to which queues. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { compilePattern, type EventMatcher } from './event-pattern.ts';
import type { Log } from './listen.ts';
import type { BusEvent } from './put-events.ts';
import { type QueuePolicy, ruleMaySend } from './queue-policy.ts';
import type { Queue } from './queues.ts';

/** AWS::Events::Rule */
export const ruleSchema = z.strictObject({
  EventBusName: z._default(z.string(), 'default'),
  EventPattern: z.unknown(),
  State: z._default(z.enum(['ENABLED', 'DISABLED']), 'ENABLED'),
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string(),
      DeadLetterConfig: z.optional(z.strictObject({ Arn: z.string() })),
      // The one attempt of the local bus cannot fail for a while.
      RetryPolicy: z.optional(z.unknown()),
    }),
  ),
});

export interface Rule {
  logicalId: string;
  arn: string;
  bus: string;
  matches: EventMatcher;
  targets: { queue: Queue; deadLetterQueue: Queue | undefined }[];
}

/**
 * @returns undefined for a rule that is disabled
 * @throws Error when the pattern is malformed or a target is no queue of the template
 */
export const createRule = (
  { logicalId, arn, properties }: { logicalId: string; arn: string; properties: z.infer<typeof ruleSchema> },
  queues: Queue[],
): Rule | undefined => {
  if (properties.State === 'DISABLED') return undefined;
  const queueBy = (queueArn: string): Queue => {
    const queue = queues.find((candidate) => candidate.arn === queueArn);
    if (queue) return queue;
    throw new Error(
      `the local run supports queues alone as targets of the rule ${logicalId}, not ${queueArn}`,
    );
  };
  return {
    logicalId,
    arn,
    bus: properties.EventBusName.replace(/^arn:.*event-bus\//, ''),
    matches: matcherOf(logicalId, properties.EventPattern),
    targets: properties.Targets.map(({ Arn, DeadLetterConfig }) => ({
      queue: queueBy(Arn),
      deadLetterQueue: DeadLetterConfig && queueBy(DeadLetterConfig.Arn),
    })),
  };
};

const matcherOf = (logicalId: string, pattern: unknown): EventMatcher => {
  try {
    return compilePattern(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the pattern of the rule ${logicalId}: ${reason}`, { cause });
  }
};

/** Sends an event to every target of a rule; what cannot be delivered goes to the target's dead-letter queue. */
export const deliver = async (
  event: BusEvent,
  rule: Rule,
  { sqs, policies, log }: { sqs: SQSClient; policies: QueuePolicy[]; log: Log },
): Promise<void> => {
  const body = JSON.stringify(event);

  /** @returns why it could not be sent */
  const send = async (queue: Queue, attributes: Record<string, string> = {}): Promise<string | undefined> => {
    if (!ruleMaySend(policies, { queue, ruleArn: rule.arn }))
      return `no AWS::SQS::QueuePolicy lets events.amazonaws.com send from ${rule.logicalId} to ${queue.logicalId}`;
    const texts = Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]);
    try {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          MessageBody: body,
          MessageAttributes: Object.fromEntries(texts),
        }),
      );
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  for (const { queue, deadLetterQueue } of rule.targets) {
    const problem = await send(queue);
    if (problem === undefined) continue;
    log(`bus: ${event['detail-type']} could not reach ${queue.logicalId}: ${problem}`);
    const reason = { RULE_ARN: rule.arn, TARGET_ARN: queue.arn, ERROR_MESSAGE: problem };
    const lost = deadLetterQueue
      ? await send(deadLetterQueue, reason)
      : 'the target has no dead-letter queue';
    log(lost === undefined ? `bus: it is in ${deadLetterQueue?.logicalId}` : `bus: it is lost: ${lost}`);
  }
};
