/** SQS by fauxqs, in memory, with the queues of the template. */
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import * as z from 'zod/mini';
import { credentials, region } from './account.ts';
import type { Running } from './listen.ts';

/** AWS::SQS::Queue without its name and tags. */
export const queueSchema = z.object({
  ContentBasedDeduplication: z.optional(z.boolean()),
  DelaySeconds: z.optional(z.number()),
  FifoQueue: z.optional(z.boolean()),
  KmsMasterKeyId: z.optional(z.string()),
  MaximumMessageSize: z.optional(z.number()),
  MessageRetentionPeriod: z.optional(z.number()),
  ReceiveMessageWaitTimeSeconds: z.optional(z.number()),
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

/** fauxqs' own start function would bind every interface, so its app is started here. */
export const startQueues = async ({ port }: { port: number }): Promise<Running> => {
  const app = buildApp({ logger: false, defaultRegion: region });
  const url = await app.listen({ port, host: '127.0.0.1' });
  return { url, close: () => app.close() };
};

export const createQueues = async (url: string, queues: Queue[]): Promise<void> => {
  const client = sqsClient(url);
  try {
    for (const { name, properties } of queues) {
      const attributes = Object.entries(properties)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
      await client.send(
        new CreateQueueCommand({ QueueName: name, Attributes: Object.fromEntries(attributes) }),
      );
    }
  } finally {
    client.destroy();
  }
};

export const sqsClient = (url: string): SQSClient => new SQSClient({ endpoint: url, region, credentials });
