import { brevoTimeoutMs } from '../../lib/brevo/client.ts';
import type { Config } from '../../lib/config/config.ts';
import { createAws } from './aws.ts';
import { createBridge } from './bridge.ts';
import type { Clock } from './clock.ts';
import { visitorIdSecret } from './customer.ts';
import { startDatabase } from './database.ts';
import { createFunction, type Handler } from './function.ts';
import type { Gate } from './gate.ts';
import { createNetwork, type Network } from './network.ts';
import { createQueue } from './queue.ts';
import type { Random } from './random.ts';
import { startSchedule } from './schedule.ts';
import { isAnyDue, readNotices } from './stored.ts';
import type { Witness } from './witness.ts';

/** How long the functions may run, as in serverless.yml. Milliseconds. */
export const timeouts = {
  'push-message': 60_000,
  'deliver-pending': 60_000,
  'ping-presence': 60_000,
} as const;

export const apiKey = 'simulated-brevo-key';

/** How long the bridge waits for an answer of Brevo's. Milliseconds. */
export const patienceMs = brevoTimeoutMs;

export interface InstallOptions {
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

/** The bridge as it is deployed: its functions, with the queue and the schedules that invoke them, and its table. */
export const installBridge = async (options: InstallOptions) => {
  const { clock, gate, random, witness, fetch, config, alter = (network) => network } = options;
  const database = await startDatabase();
  const { onDeadLetter } = witness;
  const aws = createAws({ secrets: JSON.stringify({ brevoApiKey: apiKey, visitorIdSecret }), onDeadLetter });
  const services = { fetch, dynamoDb: database.handle, aws };
  const network = alter(createNetwork({ gate, random: random('network'), witness, services }));
  const bridge = createBridge({ config, clock, random: random('bridge'), network });
  const lambda = <Event>(name: keyof typeof timeouts, createHandler: () => Handler<Event>) =>
    createFunction({ clock, gate, name, timeoutMs: timeouts[name], createHandler, onEnd: witness.onEnd });
  const consumer = lambda('push-message', bridge.pushMessage);
  const queue = createQueue({ clock, random: random('queue'), consumer, onDeadLetter });
  startSchedule(clock, random('ping-presence'), lambda('ping-presence', bridge.pingPresence).invoke);
  startSchedule(clock, random('deliver-pending'), lambda('deliver-pending', bridge.deliverPending).invoke);
  return {
    /** Takes an event from the bus, as EventBridge hands it to the queue. */
    add: queue.add,
    /** Whether anything still waits to be told. */
    isWaiting: async () => queue.size() > 0 || (await isAnyDue(database.client)),
    notices: () => readNotices(database.client),
  };
};
