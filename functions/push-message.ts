import { SQSClient } from '@aws-sdk/client-sqs';
import config from '../bridge.config.ts';
import { awsClientSettings } from '../lib/aws-client.ts';
import { atWork, type Bridge, bridgeEnvironment, connectBridge } from '../lib/bridge.ts';
import { readEnv } from '../lib/env.ts';
import { createDeadLetters, type DeadLetter } from '../lib/queue/dead-letters.ts';
import { processBatch } from '../lib/queue/process-batch.ts';
import { queueHandler } from '../lib/queue/queue-handler.ts';

/** Takes the shop's events from the queue and makes the visitors' chats say what they ask for. */
export const createHandler = (build: () => Promise<Bridge & { deadLetter: DeadLetter }>) =>
  queueHandler(build, async (records, bridge, remainingMs) =>
    processBatch(atWork(bridge, remainingMs), records),
  );

export const handler = createHandler(async () => {
  const environment = readEnv(process.env, ...bridgeEnvironment, 'DEAD_LETTER_QUEUE_URL');
  const client = new SQSClient(awsClientSettings);
  return {
    ...(await connectBridge(environment, config)),
    deadLetter: createDeadLetters({ client, queueUrl: environment.DEAD_LETTER_QUEUE_URL }),
  };
});
