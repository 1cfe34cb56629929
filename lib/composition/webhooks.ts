import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeadLetters } from '../bus/dead-letters.ts';
import { createPublisher } from '../bus/publisher.ts';
import type { Config } from '../config/config.ts';
import { awsClientSettings } from '../runtime/aws-client.ts';
import { createLogger } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { createPutOnBus } from '../webhooks/put-on-bus.ts';
import type { WebhookService } from '../webhooks/receive.ts';
import { createSeenMessages } from '../webhooks/seen-messages.ts';
import { connectSecrets } from './brevo-connection.ts';

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
