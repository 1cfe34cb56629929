/** Keeps waiting messages over a restart: they are written down when the local run stops and sent again at the next start. */
import { rm, writeFile } from 'node:fs/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { type Queue, sqsClient } from './queues.ts';
import { readSaved } from './saved.ts';

const messageSchema = z.object({
  body: z.string(),
  messageAttributes: z.record(
    z.string(),
    z.object({ DataType: z.string(), StringValue: z.optional(z.string()) }),
  ),
});

/** fauxqs' own way to look into a queue without receiving from it. */
const inspectionSchema = z.object({
  messages: z.object({
    ready: z.array(messageSchema),
    delayed: z.array(messageSchema),
    inflight: z.array(z.object({ message: messageSchema })),
  }),
});

const savedSchema = z.record(z.string(), z.array(messageSchema));

/** Writes all messages down; one that a function is working on counts as waiting, since it was not deleted. */
export const saveMessages = async (
  url: string,
  queues: Pick<Queue, 'name'>[],
  file: string,
): Promise<void> => {
  const saved: z.infer<typeof savedSchema> = {};
  for (const { name } of queues) {
    const response = await fetch(`${url}/_fauxqs/queues/${name}`, { signal: AbortSignal.timeout(1000) });
    const { ready, delayed, inflight } = inspectionSchema.parse(await response.json()).messages;
    saved[name] = [...inflight.map(({ message }) => message), ...ready, ...delayed];
  }
  await writeFile(file, JSON.stringify(saved));
};

/** Sends the messages of an earlier run again, to the queues that still exist; they count as never received. */
export const restoreMessages = async (url: string, queues: Queue[], file: string): Promise<void> => {
  const saved = readSaved(file);
  if (saved === undefined) return;
  const messages = savedSchema.parse(saved);
  const sqs = sqsClient(url);
  for (const queue of queues) {
    for (const { body, messageAttributes } of messages[queue.name] ?? []) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          MessageBody: body,
          MessageAttributes: messageAttributes,
        }),
      );
    }
  }
  sqs.destroy();
  await rm(file);
};
