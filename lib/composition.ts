/** The only place that connects functions to AWS and Brevo, based on their environment and the configuration. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { brevoTimeoutMs, createBrevoClient } from './brevo/client.ts';
import { createBudget } from './budget/budget-store.ts';
import { createMeteredClient } from './budget/metered-client.ts';
import { createDeadLetters } from './bus/dead-letters.ts';
import { createPublisher } from './bus/publisher.ts';
import type { Config } from './config/config.ts';
import { requestPlan } from './config/requests.ts';
import type { Bridge } from './notices/reconcile.ts';
import { createNoticeStore } from './notices/store.ts';
import { createAliases } from './orders/aliases.ts';
import { mapLocated } from './orders/locate.ts';
import { mapEvent, visitorIdOf } from './orders/map-event.ts';
import { createParcelStore } from './orders/parcel-store.ts';
import { presencePlan } from './presence/plan.ts';
import { awsClientSettings } from './runtime/aws-client.ts';
import { readEnv } from './runtime/environment.ts';
import { createLogger, type Logger, messages } from './runtime/log.ts';
import { createMetrics } from './runtime/metrics.ts';
import { createSecrets } from './runtime/secrets.ts';
import { createPartnerReader } from './sources/partners.ts';
import { sources } from './sources/sources.ts';
import { createPutOnBus } from './webhooks/put-on-bus.ts';
import type { WebhookService } from './webhooks/receive.ts';
import { createSeenMessages } from './webhooks/seen-messages.ts';
import type { SenderService } from './webhooks/sender.ts';

const now = () => Date.now();

/** The secrets, and what decides who may call the HTTP API. */
const withSecrets = (
  { SECRETS_PARAMETER: parameterName }: { SECRETS_PARAMETER: string },
  { http }: Config,
) => {
  const logger = createLogger();
  const secrets = createSecrets({ client: new SSMClient(awsClientSettings), parameterName, logger, now });
  return {
    logger,
    metrics: createMetrics(),
    now,
    secrets,
    tokens: async () => (await secrets()).apiTokens,
    origins: http.origins,
  };
};

const tableOf = ({ TABLE_NAME: tableName }: { TABLE_NAME: string }) => ({
  client: new DynamoDBClient(awsClientSettings),
  tableName,
  now,
});

const storeOf = (table: ReturnType<typeof tableOf>, logger: Logger) =>
  createNoticeStore({
    ...table,
    onUnreadable: (reference, error) =>
      logger.error(messages.noticeUnreadable, { reference, reason: String(error) }),
  });

const brevoEnvironment = ['BREVO_BASE_URL', 'SECRETS_PARAMETER', 'TABLE_NAME'] as const;

/**
 * Access to Brevo within the request budget.
 *
 * When Brevo refuses a key, the key may have been rotated in the meantime, so this function's next call reads the
 * secrets again. The refused call itself is not repeated, because every request must be taken from the budget, which
 * the refusal has paused. The probes during the pause end it: the first probe may still use its function's old key,
 * but the second one uses the new key. Functions that Brevo has not refused get the new key when they next refresh
 * their secrets.
 */
const withBrevo = (environment: Record<(typeof brevoEnvironment)[number], string>, config: Config) => {
  const access = withSecrets(environment, config);
  const { secrets, logger } = access;
  let refusedKey: string | undefined;
  const client = createBrevoClient({
    baseUrl: environment.BREVO_BASE_URL,
    credentials: async () => {
      const { brevoApiKey: apiKey, brevoPartnerKey: partnerKey } = await secrets(refusedKey);
      return { apiKey, partnerKey };
    },
    onKeyRefused: (key) => {
      refusedKey = key;
    },
    fetch,
    timeoutMs: brevoTimeoutMs,
  });
  const requests = requestPlan(config.requests);
  const plan = presencePlan(config.presence, requests);
  const table = tableOf(environment);
  const budget = createBudget({
    ...table,
    plan: requests,
    upcoming: plan.upcoming,
    random: Math.random,
    pause,
  });
  const brevo = createMeteredClient({ brevo: client, budget, logger });
  return { ...access, table, plan, budget, brevo };
};

/** For operations that only check who may call them. */
export const connectAccess = async (environment: NodeJS.ProcessEnv, config: Config) =>
  withSecrets(readEnv(environment, 'SECRETS_PARAMETER'), config);

/** For operations that read or change notices, and do not call Brevo. */
export const connectNotices = async (environment: NodeJS.ProcessEnv, config: Config) => {
  const read = readEnv(environment, 'SECRETS_PARAMETER', 'TABLE_NAME');
  const access = withSecrets(read, config);
  return { ...access, store: storeOf(tableOf(read), access.logger) };
};

/** For functions that call Brevo without changing notices. */
export const connectBrevo = async (environment: NodeJS.ProcessEnv, config: Config) =>
  withBrevo(readEnv(environment, ...brevoEnvironment), config);

const bridgeEnvironment = [...brevoEnvironment, 'BUS_NAME'] as const;

/** For functions that change notices and deliver them to the chat. */
export const connectBridge = async (environment: NodeJS.ProcessEnv, config: Config) =>
  withBridge(readEnv(environment, ...bridgeEnvironment), config);

const withBridge = async (
  environment: Record<(typeof bridgeEnvironment)[number], string>,
  config: Config,
) => {
  const brevo = withBrevo(environment, config);
  // Without its secrets, the function would take requests from the budget that it cannot make.
  await brevo.secrets();
  return {
    ...brevo,
    config,
    random: Math.random,
    newId: randomUUID,
    pause,
    store: storeOf(brevo.table, brevo.logger),
    publish: createPublisher({
      client: new EventBridgeClient(awsClientSettings),
      busName: environment.BUS_NAME,
      source: 'conversations-bridge',
      pause,
    }),
  } satisfies Bridge;
};

/** For the function that delivers what waits. */
export const connectDelivery = async (environment: NodeJS.ProcessEnv, config: Config) => {
  const bridge = await connectBridge(environment, config);
  return { ...bridge, aliases: createAliases(bridge.table) };
};

/** For the function that turns queued events into messages. */
export const connectQueue = async (environment: NodeJS.ProcessEnv, config: Config) => {
  const read = readEnv(environment, ...bridgeEnvironment, 'DEAD_LETTER_QUEUE_URL', 'PARTNER_SOURCES');
  const bridge = await withBridge(read, config);
  const { visitorIdSecret } = await bridge.secrets();
  const deadLetter = deadLettersOf(read);
  return {
    ...bridge,
    deadLetter,
    mapEvent: mapLocated({
      ...bridge,
      deadLetter,
      aliases: createAliases(bridge.table),
      parcels: createParcelStore(bridge.table),
      map: mapEvent({ config, visitorIdOf: (customerId) => visitorIdOf(visitorIdSecret, customerId) }),
    }),
    readPartner: createPartnerReader(read.PARTNER_SOURCES.split(',')),
  };
};

const deadLettersOf = ({ DEAD_LETTER_QUEUE_URL: queueUrl }: { DEAD_LETTER_QUEUE_URL: string }) =>
  createDeadLetters({ client: new SQSClient(awsClientSettings), queueUrl });

const sendersOf = (
  { secrets, ...access }: ReturnType<typeof withSecrets>,
  config: Config,
): SenderService => ({
  ...access,
  sources: { ...sources, ...config.sources },
  webhookSecrets: async (source) => (await secrets()).webhooks[source] ?? [],
  toleranceSeconds: config.webhooks.toleranceSeconds,
});

/** For the function that registers shops. */
export const connectSenders = async (environment: NodeJS.ProcessEnv, config: Config) =>
  sendersOf(withSecrets(readEnv(environment, 'SECRETS_PARAMETER'), config), config);

/** For the function that receives webhooks. */
export const connectWebhooks = async (
  environment: NodeJS.ProcessEnv,
  config: Config,
): Promise<WebhookService> => {
  const names = ['SECRETS_PARAMETER', 'TABLE_NAME', 'BUS_NAME', 'DEAD_LETTER_QUEUE_URL'] as const;
  const read = readEnv(environment, ...names);
  const senders = sendersOf(withSecrets(read, config), config);
  const client = new EventBridgeClient(awsClientSettings);
  return {
    ...senders,
    deadLetter: deadLettersOf(read),
    publish: createPutOnBus({
      publisher: (source) => createPublisher({ client, busName: read.BUS_NAME, source, pause }),
      seen: createSeenMessages(tableOf(read)),
      logger: senders.logger,
      pause,
    }),
  };
};
