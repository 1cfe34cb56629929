import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createBudget } from '../budget/budget-store.ts';
import { createPublisher } from '../bus/publisher.ts';
import type { Config } from '../config/config.ts';
import { requestPlan } from '../config/requests.ts';
import type { Worker } from '../notices/reconcile.ts';
import { createNoticeStore } from '../notices/store.ts';
import type { MappingOptions } from '../orders/map-event.ts';
import { visitorIdOf } from '../orders/map-event.ts';
import { presencePlan } from '../presence/plan.ts';
import { awsClientSettings } from '../runtime/aws-client.ts';
import { createLogger } from '../runtime/log.ts';
import { createMetrics } from '../runtime/metrics.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { brevoTimeoutMs, connectBrevo } from './brevo-connection.ts';

/** What the functions that deliver notices read from the environment. */
export const bridgeEnvironment = ['BREVO_BASE_URL', 'SECRETS_PARAMETER', 'TABLE_NAME', 'BUS_NAME'] as const;

/** All that takes a notice from an event to the chat. */
export type Bridge = Omit<Worker, 'hasTime' | 'lease'> & {
  mapping: MappingOptions;
  /** An id that nobody else has. */
  newId: () => string;
};

/** How many requests there are, and what presence will need of them. */
const requestsOf = ({ requests, presence }: Config) => {
  const plan = requestPlan(requests);
  return { plan, upcoming: presencePlan(presence, plan).upcoming };
};

/** Connects all that keeps agents online to AWS and Brevo. */
export const connectPresence = (
  environment: Record<'BREVO_BASE_URL' | 'SECRETS_PARAMETER' | 'TABLE_NAME', string>,
  config: Config,
) => {
  const logger = createLogger();
  const requests = requestPlan(config.requests);
  const { brevo, secrets } = connectBrevo(environment, logger);
  const now = Date.now;
  const table = { client: new DynamoDBClient(awsClientSettings), tableName: environment.TABLE_NAME, now };
  return {
    logger,
    metrics: createMetrics(),
    now,
    requests,
    brevo,
    secrets,
    plan: presencePlan(config.presence, requests),
    budget: createBudget({ ...table, ...requestsOf(config) }),
  };
};

/** Connects the notices' table. */
export const connectStore = ({ TABLE_NAME: tableName }: { TABLE_NAME: string }) => {
  const now = Date.now;
  return { now, store: createNoticeStore({ client: new DynamoDBClient(awsClientSettings), tableName, now }) };
};

/** Connects all that takes an event to the chat to AWS and Brevo. */
export const connectBridge = async (
  environment: Record<(typeof bridgeEnvironment)[number], string>,
  config: Config,
): Promise<Bridge & { secrets: () => Promise<Secrets> }> => {
  const logger = createLogger();
  const { brevo, secrets } = connectBrevo(environment, logger);
  const { visitorIdSecret } = await secrets();
  const now = Date.now;
  const table = { client: new DynamoDBClient(awsClientSettings), tableName: environment.TABLE_NAME, now };
  return {
    logger,
    metrics: createMetrics(),
    brevo,
    secrets,
    now,
    random: Math.random,
    newId: randomUUID,
    rules: config,
    store: createNoticeStore(table),
    budget: createBudget({ ...table, ...requestsOf(config) }),
    publish: createPublisher({
      client: new EventBridgeClient(awsClientSettings),
      busName: environment.BUS_NAME,
      source: 'conversations-bridge',
      pause,
    }),
    mapping: { config, visitorIdOf: (customerId) => visitorIdOf(visitorIdSecret, customerId) },
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
  const id = bridge.newId();
  return {
    ...bridge,
    lease: () => ({ id, until: bridge.now() + leaseMs }),
    hasTime: () => remainingMs() > brevoTimeoutMs + settlingMs,
  };
};
