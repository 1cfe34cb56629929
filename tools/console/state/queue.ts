import * as z from 'zod/mini';
import type { Stack } from '../../aws/stack.ts';
import type { Queue as Shown } from '../state.ts';

const message = z.object({
  messageAttributes: z.record(z.string(), z.object({ StringValue: z.optional(z.string()) })),
});

/** fauxqs' own way to look into a queue without receiving from it. */
const inspection = z.object({
  messages: z.object({
    ready: z.array(message),
    delayed: z.array(message),
    inflight: z.array(z.unknown()),
  }),
});

const mostReasons = 3;
const longestReason = 400;

/** Reads how the queue of the events stands, and the one where events end that nobody can read. */
export function createQueueReader({ urls, queues, mappings }: Pick<Stack, 'urls' | 'queues' | 'mappings'>) {
  const [mapping] = mappings;
  if (mapping === undefined) throw new Error('no function is fed by a queue');
  const { name, properties } = mapping.queue;
  const deadLetters = queues.find(({ arn }) => arn === properties.RedrivePolicy?.deadLetterTargetArn);

  const inspect = async (queueName: string) => {
    const response = await fetch(`${urls.queues}/_fauxqs/queues/${queueName}`, {
      signal: AbortSignal.timeout(1000),
    });
    return inspection.parse(await response.json()).messages;
  };

  return async (): Promise<Shown> => {
    const { ready, delayed, inflight } = await inspect(name);
    const dead = deadLetters === undefined ? [] : (await inspect(deadLetters.name)).ready;
    return {
      waiting: ready.length + delayed.length,
      working: inflight.length,
      unreadable: dead.length,
      reasons: dead.slice(-mostReasons).map(reasonOf).reverse(),
    };
  };
}

/** The bridge gives a reason of its own, the bus writes one where it could not deliver. */
function reasonOf({ messageAttributes: { reason, ERROR_MESSAGE } }: z.infer<typeof message>): string {
  const given = reason?.StringValue ?? ERROR_MESSAGE?.StringValue ?? 'It was received too often.';
  return given.slice(0, longestReason);
}
