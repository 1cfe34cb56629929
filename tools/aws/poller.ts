/**
 * What AWS Lambda does between a queue and a function: it receives batches, invokes the function, and deletes what
 * succeeded. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { credentials, region } from './account.ts';
import type { Log } from './log.ts';
import type { Mapping } from './mapping.ts';
import { sqsClient } from './queues.ts';
import { failedIds, toRecord } from './sqs-event.ts';

export interface PollerOptions {
  queuesUrl: string;
  lambdaUrl: string;
  log: Log;
}

const longPollSeconds = 20;
const retryMilliseconds = 1000;
/** How long a batch that is being worked on may still take when the local run stops. */
const graceMilliseconds = 1000;

/** Polls until closed. A failed batch or message comes back when the queue's visibility time-out has passed. */
export const startPoller = (
  mapping: Mapping,
  { queuesUrl, lambdaUrl, log }: PollerOptions,
): { close: () => Promise<void> } => {
  const { queue, target, batchSize, concurrency } = mapping;
  const sqs = sqsClient(queuesUrl);
  const lambda = new LambdaClient({ endpoint: lambdaUrl, region, credentials, maxAttempts: 1 });
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

  const invoke = async (messages: Message[]): Promise<unknown> => {
    const event = { Records: messages.map((message) => toRecord(message, queue)) };
    const command = new InvokeCommand({
      FunctionName: target.name,
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const timeOut = AbortSignal.timeout((target.timeoutSeconds + 5) * 1000);
    const { FunctionError, Payload } = await lambda.send(command, {
      abortSignal: AbortSignal.any([cutOff.signal, timeOut]),
    });
    const answer = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError) throw new Error(`the function failed: ${answer}`);
    return answer === '' ? null : JSON.parse(answer);
  };

  const handle = async (messages: Message[]): Promise<void> => {
    const ids = messages.map(({ MessageId = '' }) => MessageId);
    const answer = await invoke(messages);
    const failed = mapping.reportsFailures ? failedIds(answer, ids) : [];
    if (failed.length > 0)
      log(`${target.name}: ${failed.length} of ${ids.length} messages failed and will come again`);
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
        log(`${target.name}: a batch from ${queue.logicalId} failed and will come again: ${describe(error)}`);
        await sleep(retryMilliseconds, undefined, { signal: stopping.signal }).catch(() => 'stopped');
      }
    }
  };

  const polling = Array.from({ length: concurrency }, poll);
  return {
    close: async () => {
      stopping.abort();
      const timer = setTimeout(() => cutOff.abort(), graceMilliseconds);
      await Promise.all(polling);
      clearTimeout(timer);
      sqs.destroy();
      lambda.destroy();
    },
  };
};

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
