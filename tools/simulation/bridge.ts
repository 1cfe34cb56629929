/** The bridge's own functions, as they are deployed, with the simulation's clock, network and random numbers. */
import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler as createDeliverPending } from '../../functions/deliver-pending.ts';
import { createHandler as createPingPresence } from '../../functions/ping-presence.ts';
import { createHandler as createPushMessage } from '../../functions/push-message.ts';
import { createBrevoClient } from '../../lib/brevo/client.ts';
import { createBudget } from '../../lib/budget/budget-store.ts';
import { createDeadLetters } from '../../lib/bus/dead-letters.ts';
import { createPublisher } from '../../lib/bus/publisher.ts';
import { brevoTimeoutMs } from '../../lib/composition/brevo-connection.ts';
import type { Bridge } from '../../lib/composition/bridge.ts';
import type { Config } from '../../lib/config/config.ts';
import { requestPlan } from '../../lib/config/requests.ts';
import { createNoticeStore } from '../../lib/notices/store.ts';
import { visitorIdOf } from '../../lib/orders/map-event.ts';
import { presencePlan } from '../../lib/presence/plan.ts';
import { createSecrets } from '../../lib/runtime/secrets.ts';
import { awsSettings } from './aws-settings.ts';
import type { Clock } from './clock.ts';
import { dynamoDbClient, tableName } from './database.ts';
import { DroppedMetrics } from './dropped-metrics.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';

export interface BridgeOptions {
  config: Config;
  clock: Clock;
  random: Random;
  network: Network;
}

/** Gives the handlers of fresh instances of the functions. */
export const createBridge = ({ config, clock, random, network }: BridgeOptions) => {
  const { now } = clock;
  const settings = awsSettings(network.aws);
  const table = { client: dynamoDbClient(network.dynamoDb), tableName, now };
  const events = new EventBridgeClient(settings);
  const queues = new SQSClient(settings);
  const parameters = new SSMClient(settings);
  const logger = new Logger({ logLevel: 'SILENT' });
  const plan = requestPlan(config.requests);
  const presence = presencePlan(config.presence, plan);
  let ids = 0;

  const connect = async (): Promise<Bridge> => {
    const secrets = createSecrets({ client: parameters, parameterName: 'secrets', logger, now });
    const { visitorIdSecret } = await secrets();
    return {
      logger,
      // The simulation judges by what Brevo and the database hold.
      metrics: new DroppedMetrics({ namespace: 'Simulation' }),
      brevo: createBrevoClient({
        baseUrl: 'http://brevo.simulated/v3',
        credentials: async () => ({ apiKey: (await secrets()).brevoApiKey }),
        fetch: network.fetch,
        timeoutMs: brevoTimeoutMs,
      }),
      now,
      random,
      newId: () => `id-${ids++}`,
      rules: config,
      store: createNoticeStore(table),
      budget: createBudget({ ...table, plan, upcoming: presence.upcoming }),
      publish: createPublisher({
        client: events,
        busName: 'bus',
        source: 'conversations-bridge',
        pause: clock.sleep,
      }),
      mapping: { config, visitorIdOf: (customerId) => visitorIdOf(visitorIdSecret, customerId) },
    };
  };

  return {
    pushMessage: () =>
      createPushMessage(async () => ({
        ...(await connect()),
        deadLetter: createDeadLetters({ client: queues, queueUrl: 'http://queues.simulated/dead-letters' }),
      })),
    deliverPending: () => createDeliverPending(connect),
    pingPresence: () =>
      createPingPresence(async () => ({ ...(await connect()), requests: plan, plan: presence })),
  };
};
