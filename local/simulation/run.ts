import { brevoTimeoutMs } from '../../lib/brevo-connection.ts';
import { createAws } from './aws.ts';
import { createBrevoWire } from './brevo-wire.ts';
import { createBridge } from './bridge.ts';
import { createClock } from './clock.ts';
import { agents, createConfig } from './config.ts';
import { visitorIdSecret } from './customer.ts';
import { startDatabase } from './database.ts';
import { deliver } from './delivery.ts';
import { createFunction, type Handler } from './function.ts';
import { createGate } from './gate.ts';
import { createNetwork, type Network } from './network.ts';
import type { Options } from './options.ts';
import { createQueue } from './queue.ts';
import { createRandom } from './random.ts';
import { startSchedule } from './schedule.ts';
import { isAnyDue, readNotices } from './stored.ts';
import { createTrouble } from './trouble.ts';
import { createWitness } from './witness.ts';
import { createWorld } from './world.ts';

/** A Monday morning, an hour before the first agent comes. */
const morning = Date.UTC(2026, 1, 2, 6);

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long the functions may run, as in serverless.yml. Milliseconds. */
export const timeouts = {
  'push-message': 60_000,
  'deliver-pending': 60_000,
  'ping-presence': 60_000,
} as const;

const apiKey = 'simulated-brevo-key';

/** All that can be said of a run afterwards. */
export type Run = Awaited<ReturnType<typeof run>>;

/**
 * One run, from a little before the shop's first event until nothing waits any more.
 * @param alter puts something between the functions and the network
 */
export const run = async (options: Options, alter = (network: Network): Network => network) => {
  const { seed, orders, limit, window, kind, scope, faults, hours } = options;
  const random = (purpose: string) => createRandom(seed, purpose);
  const from = morning;
  const to = from + hours * hourMs;
  const config = createConfig(options);
  const clock = createClock(from - 5 * minuteMs);
  const witness = createWitness(clock);
  const killShare = faults === 'harsh' ? 0.02 : 0;
  const gate = createGate({ clock, random: random('gate'), killShare, onKill: witness.onKill });
  const database = await startDatabase();
  const brevo = createBrevoWire({
    clock,
    gate,
    random: random('brevo'),
    limit: { limit, windowSeconds: window, kind, scope },
    agents,
    apiKey,
    timeoutMs: brevoTimeoutMs,
    troubleAt: createTrouble(faults, random('trouble'), { from, to }),
  });
  const { onDeadLetter } = witness;
  const aws = createAws({ secrets: JSON.stringify({ brevoApiKey: apiKey, visitorIdSecret }), onDeadLetter });
  const services = { fetch: brevo.fetch, dynamoDb: database.handle, aws };
  const network = alter(createNetwork({ gate, random: random('network'), witness, services }));
  const bridge = createBridge({ config, clock, random: random('bridge'), network });
  const lambda = <Event>(name: keyof typeof timeouts, createHandler: () => Handler<Event>) =>
    createFunction({ clock, gate, name, timeoutMs: timeouts[name], createHandler, onEnd: witness.onEnd });
  const consumer = lambda('push-message', bridge.pushMessage);
  const queue = createQueue({ clock, random: random('queue'), consumer, onDeadLetter });
  startSchedule(clock, random('ping-presence'), lambda('ping-presence', bridge.pingPresence).invoke);
  startSchedule(clock, random('deliver-pending'), lambda('deliver-pending', bridge.deliverPending).invoke);
  const events = createWorld(random('world'), { orders, from, to });
  const arrivals = deliver({ clock, random: random('delivery'), add: queue.add }, events);
  const limitChange = faults === 'harsh' ? { at: (from + to) / 2, limit: Math.floor(limit / 2) } : undefined;
  if (limitChange !== undefined)
    clock.after(limitChange.at - clock.now(), () => brevo.setLimit({ limit: limitChange.limit }));

  await clock.runUntil(to);
  // What happened last is told for as long as it is news.
  const latest = to + (config.freshnessHours + 1) * hourMs;
  const isWaiting = async () => queue.size() > 0 || (await isAnyDue(database.client));
  do await clock.runUntil(clock.now() + 10 * minuteMs);
  while (clock.now() < latest && (await isWaiting()));

  return {
    ...witness.seen,
    options,
    config,
    from,
    end: clock.now(),
    limitChange,
    events,
    arrivals,
    notices: await readNotices(database.client),
    calls: brevo.calls,
    requests: brevo.requests(),
    messages: brevo.messages(),
  };
};
