/** The bridge as it is deployed, on the simulation's clock, network and random numbers. */
import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler as createDeliverPending } from '../../functions/deliver-pending.ts';
import { createHandler as createEraseVisitor } from '../../functions/erase-visitor.ts';
import { createHandler as createGetErasure } from '../../functions/get-erasure.ts';
import { createHandler as createGetNotice } from '../../functions/get-notice.ts';
import { createHandler as createListNotices } from '../../functions/list-notices.ts';
import { createHandler as createPingPresence } from '../../functions/ping-presence.ts';
import { createHandler as createPushMessage } from '../../functions/push-message.ts';
import { createHandler as createResolveNotice } from '../../functions/resolve-notice.ts';
import { createHandler as createUpdateNotice } from '../../functions/update-notice.ts';
import { createHandler as createUpdatePushedMessage } from '../../functions/update-pushed-message.ts';
import { createHandler as createWithdrawNotice } from '../../functions/withdraw-notice.ts';
import { brevoTimeoutMs, createBrevoClient } from '../../lib/brevo/client.ts';
import { createBudget } from '../../lib/budget/budget-store.ts';
import { createMeteredClient } from '../../lib/budget/metered-client.ts';
import { createDeadLetters } from '../../lib/bus/dead-letters.ts';
import { createPublisher } from '../../lib/bus/publisher.ts';
import type { Config } from '../../lib/config/config.ts';
import { requestPlan } from '../../lib/config/requests.ts';
import { createNoticeStore } from '../../lib/notices/store.ts';
import { createAliases } from '../../lib/orders/aliases.ts';
import { mapLocated } from '../../lib/orders/locate.ts';
import { mapEvent, visitorIdOf } from '../../lib/orders/map-event.ts';
import { createParcelStore } from '../../lib/orders/parcel-store.ts';
import { presencePlan } from '../../lib/presence/plan.ts';
import { createSecrets } from '../../lib/runtime/secrets.ts';
import { awsSettings, createAws } from './aws.ts';
import { type AwsTrouble, createAwsTrouble } from './aws-trouble.ts';
import type { Clock } from './clock.ts';
import {
  deleteExpired,
  dynamoDbClient,
  isAnyDue,
  readNotices,
  startDatabase,
  tableName,
} from './database.ts';
import { visitorIdSecret } from './event.ts';
import { createFunction, DroppedMetrics, type Handler, startSchedule } from './function.ts';
import type { Ending, Gate } from './gate.ts';
import { type Alter, createNetwork, type Network, type Witness } from './network.ts';
import { createQueue } from './queue.ts';
import type { Random } from './random.ts';

interface BridgeOptions {
  config: Config;
  clock: Clock;
  random: Random;
  network: Network;
  trouble: AwsTrouble;
}

/** The handlers of fresh instances of the functions. */
const createBridge = ({ config, clock, random, network, trouble }: BridgeOptions) => {
  const waiting = { pause: clock.sleep, random };
  const settings = awsSettings(network.aws, waiting);
  const client = dynamoDbClient(network.dynamoDb, waiting);
  const events = new EventBridgeClient(settings);
  const queues = new SQSClient(settings);
  const parameters = new SSMClient(settings);
  const logger = new Logger({ logLevel: 'SILENT' });
  const plan = requestPlan(config.requests);
  const presence = presencePlan(config.presence, plan);
  let ids = 0;

  /** Each instance has a clock of its own. */
  const connect = async () => {
    const offsetMs = trouble.clockOffsetMs();
    const now = () => clock.now() + offsetMs;
    const table = { client, tableName, now };
    const secrets = createSecrets({ client: parameters, parameterName: 'secrets', logger, now });
    await secrets();
    const brevo = createBrevoClient({
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
      brevo: createMeteredClient({ brevo, budget, logger }),
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
      aliases: createAliases(table),
      parcels: createParcelStore(table),
      publish: createPublisher({
        client: events,
        busName: 'bus',
        source: 'conversations-bridge',
        pause: clock.sleep,
      }),
      secrets,
      tokens: async () => (await secrets()).apiTokens,
      origins: config.http.origins,
    };
  };

  return {
    pushMessage: () =>
      createPushMessage(async () => {
        const bridge = await connect();
        const { visitorIdSecret } = await bridge.secrets();
        const deadLetter = createDeadLetters({
          client: queues,
          queueUrl: 'http://queues.simulated/dead-letters',
        });
        return {
          ...bridge,
          // The simulated shop sends no events of partners.
          readPartner: () => undefined,
          deadLetter,
          mapEvent: mapLocated({
            ...bridge,
            deadLetter,
            map: mapEvent({
              config,
              visitorIdOf: (customerId) => visitorIdOf(visitorIdSecret, customerId),
            }),
          }),
        };
      }),
    deliverPending: () => createDeliverPending(connect),
    pingPresence: () => createPingPresence(async () => ({ ...(await connect()), plan: presence })),
    http: {
      'get-notice': () => createGetNotice(connect),
      'list-notices': () => createListNotices(connect),
      'update-notice': () => createUpdateNotice(connect),
      'withdraw-notice': () => createWithdrawNotice(connect),
      'resolve-notice': () => createResolveNotice(connect),
      'update-pushed-message': () => createUpdatePushedMessage(connect),
      'erase-visitor': () => createEraseVisitor(connect),
      'get-erasure': () => createGetErasure(connect),
    } satisfies Record<Operation, () => Handler<APIGatewayProxyEventV2>>,
  };
};

/** The functions behind the HTTP API, as far as the shop's operators use them. */
const operations = [
  'get-notice',
  'list-notices',
  'update-notice',
  'withdraw-notice',
  'resolve-notice',
  'update-pushed-message',
  'erase-visitor',
  'get-erasure',
] as const;
export type Operation = (typeof operations)[number];

/** How long the functions may run, as in serverless.yml. Milliseconds. */
export const timeouts = {
  'push-message': 60_000,
  'deliver-pending': 60_000,
  'ping-presence': 60_000,
  'get-notice': 29_000,
  'list-notices': 29_000,
  'update-notice': 29_000,
  'withdraw-notice': 29_000,
  'resolve-notice': 29_000,
  'update-pushed-message': 29_000,
  'erase-visitor': 29_000,
  'get-erasure': 29_000,
} as const;

export const apiKey = 'simulated-brevo-key';
export const apiToken = 'simulated-token';

/** How long the bridge waits for an answer of Brevo's. Milliseconds. */
export const patienceMs = brevoTimeoutMs;

interface InstallOptions {
  clock: Clock;
  gate: Gate;
  /** A stream of random numbers for each purpose. */
  random: (purpose: string) => Random;
  witness: Witness;
  trouble?: AwsTrouble;
  fetch: typeof fetch;
  config: Config;
  /** Puts something between the functions and the network. */
  alter?: Alter;
}

/** DynamoDB looks for what has expired so often. Milliseconds. */
const expiresEveryMs = 3_600_000;

/** Of the invocations that a deployment meets at work, so many are killed. */
const killedByDeployment = 0.5;

/** Sets up the functions, the queue and the schedules that invoke them, and the table. */
export const installBridge = async (options: InstallOptions) => {
  const { clock, gate, random, witness, fetch, config, alter = (network) => network } = options;
  const { trouble = createAwsTrouble(random, { level: 'none', from: 0, to: 0 }) } = options;
  const isTroubled = trouble.level !== 'none';
  const database = await startDatabase(isTroubled ? { clock, lagMs: trouble.indexLagMs } : undefined);
  const { onDeadLetter, onPublished } = witness;
  const secrets = { brevoApiKey: apiKey, visitorIdSecret, apiTokens: [apiToken] };
  const aws = createAws({ secrets: JSON.stringify(secrets), onDeadLetter, onPublished });
  const services = { fetch, dynamoDb: database.handle, aws };
  const network = alter(
    createNetwork({ clock, gate, random: random('network'), witness, trouble, services }),
    clock,
  );
  const bridge = createBridge({ config, clock, random: random('bridge'), network, trouble });
  const deployments: (() => void)[] = [];
  const lambda = <Event>(name: keyof typeof timeouts, createHandler: () => Handler<Event>) => {
    const made = createFunction({ clock, gate, name, timeoutMs: timeouts[name], createHandler });
    deployments.push(made.deploy);
    return made;
  };
  const consumer = lambda('push-message', bridge.pushMessage);
  const queue = createQueue({ clock, random: random('queue'), consumer, onDeadLetter });
  startSchedule(clock, random('ping-presence'), lambda('ping-presence', bridge.pingPresence).invoke);
  startSchedule(clock, random('deliver-pending'), lambda('deliver-pending', bridge.deliverPending).invoke);
  const http = Object.fromEntries(operations.map((name) => [name, lambda(name, bridge.http[name])] as const));
  const expire = async (): Promise<void> => {
    await deleteExpired(database, clock.now());
    clock.after(expiresEveryMs, expire);
  };
  clock.after(expiresEveryMs, expire);
  if (trouble.deployedAt !== undefined) {
    clock.after(trouble.deployedAt - clock.now(), () => {
      for (const deploy of deployments) deploy();
      gate.killSome(killedByDeployment);
    });
  }
  return {
    /** Takes an event from the bus, as EventBridge hands it to the queue. */
    add: queue.add,
    /** Invokes a function of the HTTP API. */
    invoke: async (operation: Operation, event: APIGatewayProxyEventV2): Promise<Ending<unknown>> =>
      http[operation]?.invoke(event) ?? { kind: 'failed', error: 'no such operation' },
    /** Whether an event or a notice still waits. */
    isWaiting: async () => queue.size() > 0 || (await isAnyDue(database.client)),
    notices: () => readNotices(database.client),
  };
};
