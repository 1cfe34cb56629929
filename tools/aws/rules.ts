/** Rules of the template: which events go to which queues. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { compilePattern, type EventMatcher } from './event-pattern.ts';
import type { Log } from './log.ts';
import type { BusEvent } from './put-events.ts';
import { type QueuePolicy, ruleMaySend } from './queue-policy.ts';
import type { Queue } from './queues.ts';

/** A target as the local bus delivers to it; input transformation and FIFO groups are refused. */
const targetSchema = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  DeadLetterConfig: z.optional(z.object({ Arn: z.string() })),
  RetryPolicy: z.optional(z.unknown()),
});

/** AWS::Events::Rule. A rule with a schedule instead of a pattern is none of the bus's business. */
export const ruleSchema = z.object({
  EventBusName: z._default(z.string(), 'default'),
  EventPattern: z.optional(z.unknown()),
  State: z._default(z.string(), 'ENABLED'),
  Targets: z.optional(z.unknown()),
});

export interface Rule {
  logicalId: string;
  arn: string;
  bus: string;
  matches: EventMatcher;
  targets: Target[];
}

interface Target {
  queue: Queue;
  deadLetterQueue: Queue | undefined;
}

/**
 * @returns undefined for a rule that no event can trigger: a schedule, or one that is disabled
 * @throws Error when the pattern is malformed or a target is no queue of the template
 */
export const createRule = (
  { logicalId, arn, properties }: { logicalId: string; arn: string; properties: z.infer<typeof ruleSchema> },
  queues: Queue[],
): Rule | undefined => {
  if (properties.EventPattern === undefined || properties.State !== 'ENABLED') return undefined;
  const queueBy = (queueArn: string): Queue => {
    const queue = queues.find((candidate) => candidate.arn === queueArn);
    if (!queue)
      throw new Error(
        `the rule ${logicalId} has the target ${queueArn}, and the local bus delivers to queues alone`,
      );
    return queue;
  };
  const targets = z.array(targetSchema).safeParse(properties.Targets ?? []);
  if (!targets.success)
    throw new Error(`the targets of the rule ${logicalId}:\n${z.prettifyError(targets.error)}`);
  return {
    logicalId,
    arn,
    bus: properties.EventBusName.replace(/^arn:.*event-bus\//, ''),
    matches: compilePatternOf(logicalId, properties.EventPattern),
    targets: targets.data.map(({ Arn, DeadLetterConfig }) => ({
      queue: queueBy(Arn),
      deadLetterQueue: DeadLetterConfig && queueBy(DeadLetterConfig.Arn),
    })),
  };
};

const compilePatternOf = (logicalId: string, pattern: unknown): EventMatcher => {
  try {
    return compilePattern(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the pattern of the rule ${logicalId}: ${reason}`, { cause });
  }
};

interface Delivery {
  sqs: SQSClient;
  policies: QueuePolicy[];
  log: Log;
}

/** Sends an event to every target of a rule; what cannot be delivered goes to the target's dead-letter queue. */
export const deliver = async (
  event: BusEvent,
  rule: Rule,
  { sqs, policies, log }: Delivery,
): Promise<void> => {
  const send = async (message: { queue: Queue; body: string; attributes: Record<string, string> }) => {
    const { queue, body, attributes } = message;
    const refusal = refusalOf(queue, rule, policies);
    if (refusal !== undefined) return refusal;
    try {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: 'String', StringValue: value },
            ]),
          ),
        }),
      );
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  for (const { queue, deadLetterQueue } of rule.targets) {
    const body = withoutAstral(JSON.stringify(event));
    const problem = await send({ queue, body, attributes: {} });
    if (problem === undefined) continue;
    const lost = deadLetterQueue
      ? await send({
          queue: deadLetterQueue,
          body,
          attributes: { RULE_ARN: rule.arn, TARGET_ARN: queue.arn, ERROR_MESSAGE: problem },
        })
      : 'the target has no dead-letter queue';
    log(`bus: ${event['detail-type']} could not reach ${queue.logicalId}: ${problem}`);
    log(lost === undefined ? `bus: it is in ${deadLetterQueue?.logicalId}` : `bus: it is lost: ${lost}`);
  }
};

/**
 * The same JSON, with what lies beyond U+FFFF escaped: SQS takes an emoji as it is, its stand-in refuses it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const withoutAstral = (json: string): string =>
  json.replaceAll(/[\ud800-\udfff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/** Two settings of a queue that lose every event of a rule without a word in AWS. */
const refusalOf = (queue: Queue, rule: Rule, policies: QueuePolicy[]): string | undefined => {
  if (queue.properties.KmsMasterKeyId === 'alias/aws/sqs') {
    return `EventBridge may not use the AWS-managed key that encrypts ${queue.logicalId}`;
  }
  if (!ruleMaySend(policies, { queue, ruleArn: rule.arn })) {
    return `no AWS::SQS::QueuePolicy lets events.amazonaws.com send from ${rule.logicalId} to ${queue.logicalId}`;
  }
  return undefined;
};
