import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientSettings } from '../aws-client.ts';
import { connectSecrets } from '../brevo-connection.ts';
import { createPublisher } from '../bus/publisher.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { createDeadLetters } from '../queue/dead-letters.ts';
import { createPutOnBus } from './put-on-bus.ts';
import type { WebhookService } from './receive.ts';
import { createSeenMessages } from './seen-messages.ts';

export const webhooksEnvironment = [
  'SECRETS_PARAMETER',
  'TABLE_NAME',
  'BUS_NAME',
  'DEAD_LETTER_QUEUE_URL',
] as const;

/** Connects the receiver of webhooks to AWS. */
export const connectWebhooks = (
  environment: Record<(typeof webhooksEnvironment)[number], string>,
  { http }: Config,
): WebhookService => {
  const logger = createLogger();
  const now = Date.now;
  const secrets = connectSecrets(environment, logger);
  const client = new EventBridgeClient(awsClientSettings);
  const { TABLE_NAME: tableName, BUS_NAME: busName, DEAD_LETTER_QUEUE_URL: queueUrl } = environment;
  return {
    logger,
    metrics: createMetrics(),
    now,
    origins: http.origins,
    tokens: async () => [],
    webhookSecrets: async (source) => (await secrets()).webhooks[source] ?? [],
    deadLetter: createDeadLetters({ client: new SQSClient(awsClientSettings), queueUrl }),
    publish: createPutOnBus({
      publisher: (source) => createPublisher({ client, busName, source, pause }),
      seen: createSeenMessages({ client: new DynamoDBClient(awsClientSettings), tableName, now }),
      logger,
      pause,
    }),
  };
};
