import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientSettings } from './aws-client.ts';
import { brevoTimeoutMs, connectBrevo } from './brevo-connection.ts';
import { createPublisher } from './bus/publisher.ts';
import type { Config } from './config.ts';
import type { Logger } from './log.ts';
import type { Worker } from './notices/reconcile.ts';
import { createNoticeStore } from './notices/store.ts';
import type { WishOptions } from './notices/wishes.ts';
import { visitorIdOf } from './visitor-id.ts';

/** What the functions that deliver notices read from the environment. */
export const bridgeEnvironment = ['BREVO_BASE_URL', 'SECRETS_PARAMETER', 'TABLE_NAME', 'BUS_NAME'] as const;

export type Bridge = Omit<Worker, 'hasTime' | 'lease'> & { wishes: WishOptions };

/** Connects all that takes a notice from an event to the chat. */
export const connectBridge = async (
  environment: Record<(typeof bridgeEnvironment)[number], string>,
  config: Config,
  logger: Logger,
): Promise<Bridge> => {
  const { brevo, secrets } = connectBrevo(environment, logger);
  const { visitorIdSecret } = await secrets();
  return {
    logger,
    brevo,
    now: Date.now,
    store: createNoticeStore({
      client: new DynamoDBClient(awsClientSettings),
      tableName: environment.TABLE_NAME,
      now: Date.now,
    }),
    publish: createPublisher({
      client: new EventBridgeClient(awsClientSettings),
      busName: environment.BUS_NAME,
      source: 'conversations-bridge',
      pause,
    }),
    wishes: { config, visitorIdOf: (customerId) => visitorIdOf(visitorIdSecret, customerId) },
  };
};

/** Longer than any function runs, so that a lease that ran out means that its holder is gone. Milliseconds. */
const leaseMs = 90_000;

/** After a call to Brevo its outcome must still be written down. Milliseconds. */
const settlingMs = 8_000;

/** The bridge at work for one invocation, which ends in `remainingMs()` milliseconds. */
export const atWork = <Connected extends Bridge>(
  bridge: Connected,
  remainingMs: () => number,
): Connected & Worker => {
  const id = randomUUID();
  return {
    ...bridge,
    lease: () => ({ id, until: bridge.now() + leaseMs }),
    hasTime: () => remainingMs() > brevoTimeoutMs + settlingMs,
  };
};
