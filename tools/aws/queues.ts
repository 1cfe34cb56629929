/** SQS by fauxqs, with the queues of the template. */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import * as z from 'zod/mini';
import { credentials, region } from './account.ts';
import { listen, type Running } from './listen.ts';

/** AWS::SQS::Queue */
export const queueSchema = z.strictObject({
  MessageRetentionPeriod: z.optional(z.number()),
  RedrivePolicy: z.optional(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })),
  SqsManagedSseEnabled: z.optional(z.boolean()),
  VisibilityTimeout: z.optional(z.number()),
});

export interface Queue {
  logicalId: string;
  name: string;
  arn: string;
  url: string;
  properties: z.infer<typeof queueSchema>;
}

export const sqsClient = (url: string): SQSClient => new SQSClient({ endpoint: url, region, credentials });

/**
 * Lets fauxqs take what SQS takes: characters beyond U+FFFF, such as emoji.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const takeEmoji = async (): Promise<void> => {
  const file = new URL('sqs/sqsTypes.js', import.meta.resolve('fauxqs'));
  const { INVALID_MESSAGE_BODY_CHAR: invalid }: { INVALID_MESSAGE_BODY_CHAR: RegExp } = await import(
    file.href
  );
  const refused = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
  invalid.test = (body) => refused.test(body);
};

/** Operations after which other messages than before are in the queues. */
const changing = /\.(Send|Delete|Purge)/;

/**
 * fauxqs' own start function would bind every interface, so its app is started here, without its store on disk.
 * @param onChange done before the answer to an operation that changed what is in the queues
 */
export const startQueues = async (options: {
  port: number;
  onChange?: () => Promise<void>;
}): Promise<Running> => {
  await takeEmoji();
  const app = buildApp({ logger: false, defaultRegion: region });
  app.addHook('onSend', async ({ headers }) => {
    if (changing.test(`${headers['x-amz-target']}`)) await options.onChange?.();
  });
  await app.ready();
  const { url, close } = await listen(app.server, options.port);
  return {
    url,
    close: async () => {
      await close();
      await app.close();
    },
  };
};

export const createQueues = async (url: string, queues: Queue[]): Promise<void> => {
  const client = sqsClient(url);
  try {
    for (const { name, properties } of queues) {
      const attributes = Object.entries(properties).map(([key, value]) => [
        key,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]);
      await client.send(
        new CreateQueueCommand({ QueueName: name, Attributes: Object.fromEntries(attributes) }),
      );
    }
  } finally {
    client.destroy();
  }
};

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

/** Runs one at a time. Whoever asks meanwhile waits for the next, which is the same for all of them. */
export const inTurn = (act: () => Promise<void>): (() => Promise<void>) => {
  let present = Promise.resolve();
  let next: Promise<void> | undefined;
  const start = () => {
    next = undefined;
    present = act();
    return present;
  };
  return () => {
    next ??= present.then(start, start);
    return next;
  };
};

/** Saves all messages to a file. One that a function is working on counts as waiting, since it was not deleted. */
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
  await writeFile(`${file}.new`, JSON.stringify(saved));
  await rename(`${file}.new`, file);
};

/** Sends the saved messages again, to the queues that still exist; they count as never received. */
export const restoreMessages = async (url: string, queues: Queue[], file: string): Promise<void> => {
  if (!existsSync(file)) return;
  const saved = savedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const client = sqsClient(url);
  for (const queue of queues) {
    for (const { body, messageAttributes } of saved[queue.name] ?? []) {
      const message = { MessageBody: body, MessageAttributes: messageAttributes };
      await client.send(new SendMessageCommand({ QueueUrl: queue.url, ...message }));
    }
  }
  client.destroy();
};
