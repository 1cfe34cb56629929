/** The bridge's own functions, as they are deployed, with the simulation's clock, network and random numbers. */
import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler as createDeliverPending } from '../../functions/deliver-pending.ts';
import { createHandler as createPingPresence } from '../../functions/ping-presence.ts';
import { createHandler as createPushMessage } from '../../functions/push-message.ts';
import { brevoTimeoutMs, createBrevoClient } from '../../lib/brevo/client.ts';
import { createBudget } from '../../lib/budget/budget-store.ts';
import { createMeteredClient } from '../../lib/budget/metered-client.ts';
import { createDeadLetters } from '../../lib/bus/dead-letters.ts';
import { createPublisher } from '../../lib/bus/publisher.ts';
import type { Config } from '../../lib/config/config.ts';
import { requestPlan } from '../../lib/config/requests.ts';
import type { Bridge } from '../../lib/notices/reconcile.ts';
import { createNoticeStore } from '../../lib/notices/store.ts';
import { mapEvent, visitorIdOf } from '../../lib/orders/map-event.ts';
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

  const secretsOf = () => createSecrets({ client: parameters, parameterName: 'secrets', logger, now });

  const connect = async (secrets = secretsOf()): Promise<Bridge> => {
    await secrets();
    const client = createBrevoClient({
      baseUrl: 'http://brevo.simulated/v3',
      credentials: async () => ({ apiKey: (await secrets()).brevoApiKey }),
      fetch: network.fetch,
      timeoutMs: brevoTimeoutMs,
    });
    const budget = createBudget({ ...table, plan, upcoming: presence.upcoming });
    return {
      logger,
      // The simulation judges by what Brevo and the database hold.
      metrics: new DroppedMetrics({ namespace: 'Simulation' }),
      brevo: createMeteredClient({ brevo: client, budget, logger }),
      now,
      random,
      newId: () => `id-${ids++}`,
      config,
      store: createNoticeStore(table),
      budget,
      publish: createPublisher({
        client: events,
        busName: 'bus',
        source: 'conversations-bridge',
        pause: clock.sleep,
      }),
    };
  };

  return {
    pushMessage: () =>
      createPushMessage(async () => {
        const secrets = secretsOf();
        const bridge = await connect(secrets);
        const { visitorIdSecret } = await secrets();
        return {
          ...bridge,
          mapEvent: mapEvent({
            config,
            visitorIdOf: (customerId) => visitorIdOf(visitorIdSecret, customerId),
          }),
          deadLetter: createDeadLetters({
            client: queues,
            queueUrl: 'http://queues.simulated/dead-letters',
          }),
        };
      }),
    deliverPending: () => createDeliverPending(() => connect()),
    pingPresence: () => createPingPresence(async () => ({ ...(await connect()), plan: presence })),
  };
};
