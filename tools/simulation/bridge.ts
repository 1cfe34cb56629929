/** The bridge as it is deployed, on the simulation's clock, network and random numbers. */
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
import { awsSettings, createAws } from './aws.ts';
import type { Clock } from './clock.ts';
import { dynamoDbClient, isAnyDue, readNotices, startDatabase, tableName } from './database.ts';
import { visitorIdSecret } from './event.ts';
import { createFunction, DroppedMetrics, type Handler, startSchedule } from './function.ts';
import type { Gate } from './gate.ts';
import { createNetwork, type Network, type Witness } from './network.ts';
import { createQueue } from './queue.ts';
import type { Random } from './random.ts';

interface BridgeOptions {
  config: Config;
  clock: Clock;
  random: Random;
  network: Network;
}

/** The handlers of fresh instances of the functions. */
const createBridge = ({ config, clock, random, network }: BridgeOptions) => {
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
    const budget = createBudget({ ...table, plan, upcoming: presence.upcoming, random, pause: clock.sleep });
    return {
      logger,
      // The simulation judges by what Brevo and the database hold.
      metrics: new DroppedMetrics({ namespace: 'Simulation' }),
      brevo: createMeteredClient({ brevo: client, budget, logger }),
      now,
      random,
      newId: () => `id-${ids++}`,
      pause: clock.sleep,
      config,
      store: createNoticeStore({
        ...table,
        onUnreadable: (reference, cause) => {
          throw new Error(`the notice ${reference} is unreadable`, { cause });
        },
      }),
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

/** How long the functions may run, as in serverless.yml. Milliseconds. */
export const timeouts = {
  'push-message': 60_000,
  'deliver-pending': 60_000,
  'ping-presence': 60_000,
} as const;

export const apiKey = 'simulated-brevo-key';

/** How long the bridge waits for an answer of Brevo's. Milliseconds. */
export const patienceMs = brevoTimeoutMs;

interface InstallOptions {
  clock: Clock;
  gate: Gate;
  /** A stream of random numbers for each purpose. */
  random: (purpose: string) => Random;
  witness: Witness;
  fetch: typeof fetch;
  config: Config;
  /** Puts something between the functions and the network. */
  alter?: (network: Network) => Network;
}

/** Sets up the functions, the queue and the schedules that invoke them, and the table. */
export const installBridge = async (options: InstallOptions) => {
  const { clock, gate, random, witness, fetch, config, alter = (network) => network } = options;
  const database = await startDatabase();
  const { onDeadLetter } = witness;
  const aws = createAws({ secrets: JSON.stringify({ brevoApiKey: apiKey, visitorIdSecret }), onDeadLetter });
  const services = { fetch, dynamoDb: database.handle, aws };
  const network = alter(createNetwork({ gate, random: random('network'), witness, services }));
  const bridge = createBridge({ config, clock, random: random('bridge'), network });
  const lambda = <Event>(name: keyof typeof timeouts, createHandler: () => Handler<Event>) =>
    createFunction({ clock, gate, name, timeoutMs: timeouts[name], createHandler });
  const consumer = lambda('push-message', bridge.pushMessage);
  const queue = createQueue({ clock, random: random('queue'), consumer, onDeadLetter });
  startSchedule(clock, random('ping-presence'), lambda('ping-presence', bridge.pingPresence).invoke);
  startSchedule(clock, random('deliver-pending'), lambda('deliver-pending', bridge.deliverPending).invoke);
  return {
    /** Takes an event from the bus, as EventBridge hands it to the queue. */
    add: queue.add,
    /** Whether an event or a notice still waits. */
    isWaiting: async () => queue.size() > 0 || (await isAnyDue(database.client)),
    notices: () => readNotices(database.client),
  };
};
