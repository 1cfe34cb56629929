import { SQSClient } from '@aws-sdk/client-sqs';
import config from '../bridge.config.ts';
import { awsClientSettings } from '../lib/aws-client.ts';
import { atWork, bridgeEnvironment, connectBridge } from '../lib/bridge.ts';
import { readEnv } from '../lib/env.ts';
import { createLogger } from '../lib/log.ts';
import { createDeadLetters } from '../lib/queue/dead-letters.ts';
import { processBatch } from '../lib/queue/process-batch.ts';
import { queueHandler } from '../lib/queue/queue-handler.ts';

/** Takes the shop's events from the queue and makes the visitors' chats say what they ask for. */
export const handler = queueHandler(
  async () => {
    const environment = readEnv(process.env, ...bridgeEnvironment, 'DEAD_LETTER_QUEUE_URL');
    const client = new SQSClient(awsClientSettings);
    return {
      ...(await connectBridge(environment, config, createLogger())),
      deadLetter: createDeadLetters({ client, queueUrl: environment.DEAD_LETTER_QUEUE_URL }),
    };
  },
  async (records, bridge, remainingMs) => processBatch(atWork(bridge, remainingMs), records),
);
