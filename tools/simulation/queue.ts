/** A queue of at-least-once delivery that feeds a function, as SQS feeds Lambda. */
import { createHash } from 'node:crypto';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { failedIds } from '../aws/sqs-event.ts';
import type { Clock } from './clock.ts';
import type { Ending } from './gate.ts';
import { between, type Random, shuffled } from './random.ts';

/** As in serverless.yml. */
export const queueSettings = {
  visibilityTimeoutMs: 360_000,
  maxReceiveCount: 5,
  batchSize: 10,
  maximumConcurrency: 2,
} as const;

interface Message {
  id: string;
  body: string;
  receives: number;
  visibleAt: number;
}

export interface QueueOptions {
  clock: Clock;
  random: Random;
  consumer: { invoke: (event: SQSEvent) => Promise<Ending<unknown>> };
  onDeadLetter: (body: string) => void;
}

/** Now and then a message that was done already is delivered once more. */
const redeliveredShare = 0.005;

export const createQueue = ({ clock, random, consumer, onDeadLetter }: QueueOptions) => {
  const messages = new Map<string, Message>();
  let sent = 0;
  let pollers = 0;

  const receive = (): Message[] => {
    const visible = shuffled(
      random,
      Array.from(messages.values()).filter(({ visibleAt }) => visibleAt <= clock.now()),
    );
    const received: Message[] = [];
    for (const message of visible.slice(0, queueSettings.batchSize)) {
      if (message.receives === queueSettings.maxReceiveCount) {
        messages.delete(message.id);
        onDeadLetter(message.body);
        continue;
      }
      message.receives++;
      message.visibleAt = clock.now() + queueSettings.visibilityTimeoutMs;
      clock.after(queueSettings.visibilityTimeoutMs, poll);
      received.push(message);
    }
    return received;
  };

  const settle = (received: readonly Message[], failed: readonly string[]): void => {
    for (const message of received) {
      if (failed.includes(message.id)) continue;
      messages.delete(message.id);
      if (random() < redeliveredShare) clock.after(between(random, 1_000, 60_000), () => add(message.body));
    }
  };

  const work = async (): Promise<void> => {
    for (let received = receive(); received.length > 0; received = receive()) {
      const ids = received.map(({ id }) => id);
      const ending = await consumer.invoke({
        Records: received.map((message) => toRecord(message, clock.now())),
      });
      settle(received, ending.kind === 'done' ? failedIds(ending.result ?? null, ids) : ids);
    }
    pollers--;
  };

  const poll = (): void => {
    if (pollers === queueSettings.maximumConcurrency) return;
    pollers++;
    // Not awaited: the clock goes on while the function is at work.
    clock.after(between(random, 1, 60), () => void work());
  };

  const add = (body: string): void => {
    const id = `message-${sent++}`;
    messages.set(id, { id, body, receives: 0, visibleAt: clock.now() });
    poll();
  };

  return { add, size: () => messages.size };
};

const toRecord = ({ id, body, receives }: Message, now: number): SQSRecord => ({
  messageId: id,
  receiptHandle: `${id}-${receives}`,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(now),
    SenderId: 'events',
    ApproximateFirstReceiveTimestamp: String(now),
  },
  messageAttributes: {},
  md5OfBody: createHash('md5').update(body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:events',
  awsRegion: 'eu-west-1',
});
