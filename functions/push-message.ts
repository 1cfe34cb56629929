import { SQSClient } from '@aws-sdk/client-sqs';
import config from '../bridge.config.ts';
import { createDeadLetters, type DeadLetter } from '../lib/bus/dead-letters.ts';
import { atWork, type Bridge, bridgeEnvironment, connectBridge } from '../lib/composition/bridge.ts';
import { processBatch } from '../lib/orders/process-batch.ts';
import { awsClientSettings } from '../lib/runtime/aws-client.ts';
import { readEnv } from '../lib/runtime/environment.ts';
import { queueHandler } from '../lib/runtime/handler.ts';

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
