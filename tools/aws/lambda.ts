/**
 * What AWS Lambda does around a function: it invokes it, and feeds it from a queue, whose messages it deletes when they
 * succeeded. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { credentials, region } from './account.ts';
import type { Log } from './listen.ts';
import { type Queue, sqsClient } from './queues.ts';
import { failedIds, toRecord } from './sqs-event.ts';

/** AWS::Lambda::Function as far as it matters here: serverless-offline takes the rest from serverless.yml. */
export const functionSchema = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()) }),
  Timeout: z.number(),
});

export interface FunctionResource {
  name: string;
  arn: string;
  timeoutSeconds: number;
  environment: Record<string, string>;
}

/** AWS::Lambda::EventSourceMapping on a queue. */
export const mappingSchema = z.strictObject({
  BatchSize: z.number(),
  Enabled: z.literal(true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});

/** Which queue feeds which function. */
export interface Mapping {
  queue: Queue;
  target: FunctionResource;
  batchSize: number;
  concurrency: number;
}

/** @throws Error when the mapping's queue or function is missing, or AWS would refuse their time-outs */
export const createMapping = (
  properties: z.infer<typeof mappingSchema>,
  { queues, functions }: { queues: Queue[]; functions: FunctionResource[] },
): Mapping => {
  const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
  if (!queue)
    throw new Error(`the local run supports queues alone as event sources, not ${properties.EventSourceArn}`);
  const target = functions.find(({ arn, name }) => [arn, name].includes(properties.FunctionName));
  if (!target) throw new Error(`the template maps ${queue.logicalId} to no function of its own`);
  const visibilitySeconds = queue.properties.VisibilityTimeout ?? 30;
  if (visibilitySeconds < target.timeoutSeconds)
    throw new Error(
      `${queue.logicalId} hides a message for ${visibilitySeconds} s, less than the ${target.timeoutSeconds} s that ` +
        `${target.name} may take: AWS refuses that`,
    );
  return {
    queue,
    target,
    batchSize: properties.BatchSize,
    concurrency: properties.ScalingConfig.MaximumConcurrency,
  };
};

const lambdaClient = (endpoint: string): LambdaClient =>
  new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });

/**
 * @returns the function's answer
 * @throws Error with what the function said when it failed
 */
const invoke = async (
  lambda: LambdaClient,
  { name, event, abortSignal }: { name: string; event: object; abortSignal?: AbortSignal },
): Promise<unknown> => {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
  const { FunctionError, Payload } = await lambda.send(command, abortSignal && { abortSignal });
  const answer = Buffer.from(Payload ?? []).toString('utf8');
  if (FunctionError) throw new Error(`${name} failed: ${answer}`);
  return answer === '' ? null : JSON.parse(answer);
};

/**
 * @returns the function's answer
 * @throws Error with what the function said when it failed
 */
export type RunFunction = (name: string, event: object) => Promise<unknown>;

/** @param endpoint where Lambda's Invoke API is served */
export const createRunFunction = (endpoint: string): RunFunction => {
  const lambda = lambdaClient(endpoint);
  return (name, event) => invoke(lambda, { name, event });
};

const longPollSeconds = 20;
const retryMs = 1_000;
/** How long a batch that is being worked on may still take when the local run stops. */
const graceMs = 1_000;

/** Polls until closed. A failed batch or message comes back when the queue's visibility time-out has passed. */
export const startPoller = (
  { queue, target, batchSize, concurrency }: Mapping,
  { queuesUrl, lambdaUrl, log }: { queuesUrl: string; lambdaUrl: string; log: Log },
): { close: () => Promise<void> } => {
  const sqs = sqsClient(queuesUrl);
  const lambda = lambdaClient(lambdaUrl);
  const stopping = new AbortController();
  const cutOff = new AbortController();

  const receive = async (): Promise<Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: longPollSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await sqs.send(command, { abortSignal: stopping.signal });
    return Messages;
  };

  const handle = async (messages: Message[]): Promise<void> => {
    const timeOut = AbortSignal.timeout((target.timeoutSeconds + 5) * 1_000);
    const answer = await invoke(lambda, {
      name: target.name,
      event: { Records: messages.map((message) => toRecord(message, queue)) },
      abortSignal: AbortSignal.any([cutOff.signal, timeOut]),
    });
    const ids = messages.map(({ MessageId = '' }) => MessageId);
    const failed = failedIds(answer, ids);
    if (failed.length > 0)
      log(`${target.name}: ${failed.length} of ${ids.length} messages failed and will be received again`);
    const done = messages.filter(({ MessageId = '' }) => !failed.includes(MessageId));
    if (done.length === 0) return;
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const messages = await receive();
        if (messages.length > 0) await handle(messages);
      } catch (error) {
        if (stopping.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        log(`a batch from ${queue.logicalId} will be received again: ${reason}`);
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => 'stopped');
      }
    }
  };

  const polling = Array.from({ length: concurrency }, poll);
  return {
    close: async () => {
      stopping.abort();
      const timer = setTimeout(() => cutOff.abort(), graceMs);
      await Promise.all(polling);
      clearTimeout(timer);
      sqs.destroy();
      lambda.destroy();
    },
  };
};
