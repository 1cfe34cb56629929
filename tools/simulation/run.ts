import { createApi } from './api.ts';
import { createAwsTrouble } from './aws-trouble.ts';
import { createBrevoWire } from './brevo-wire.ts';
import { apiKey, installBridge, patienceMs } from './bridge.ts';
import { createClock } from './clock.ts';
import { agents, createConfig, type Options } from './config.ts';
import { createDesk } from './desk.ts';
import { deskTasks } from './desk-tasks.ts';
import { deliver, reportSeen } from './event.ts';
import { createGate } from './gate.ts';
import { type Alter, createWitness } from './network.ts';
import { createRandom } from './random.ts';
import { createTrouble } from './trouble.ts';
import { createWorld } from './world.ts';

/** A Monday morning, an hour before the first agent comes. */
const morning = Date.UTC(2026, 1, 2, 6);

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** All that can be said of a run afterwards. */
export type Run = Awaited<ReturnType<typeof run>>;

/**
 * One run, from a little before the shop's first event until nothing waits any more.
 * @param alter puts something between the functions and the network
 */
export const run = async (options: Options, alter?: Alter) => {
  const { seed, orders, limit, window, kind, scope, faults, hours, outage, aws } = options;
  const random = (purpose: string) => createRandom(seed, purpose);
  const from = morning;
  const to = from + hours * hourMs;
  const config = createConfig(options);
  const clock = createClock(from - 5 * minuteMs);
  const witness = createWitness(clock);
  const killShare = faults === 'harsh' ? 0.02 : 0;
  const gate = createGate({ clock, random: random('gate'), killShare, onKill: witness.onKill });
  const brevo = createBrevoWire({
    clock,
    gate,
    random: random('brevo'),
    limit: { limit, windowSeconds: window, kind, scope },
    agents,
    apiKey,
    timeoutMs: patienceMs,
    troubleAt: createTrouble(random('trouble'), { level: faults, from, to, outageMs: outage * hourMs }),
  });
  const bridge = await installBridge({
    trouble: createAwsTrouble(random, { level: aws, from, to }),
    clock,
    gate,
    random,
    witness,
    fetch: brevo.fetch,
    config,
    ...(alter === undefined ? {} : { alter }),
  });
  const events = createWorld(random('world'), { orders, from, to });
  const arrivals = deliver({ clock, random: random('delivery'), add: bridge.add }, events);
  const api = createApi(bridge.invoke, clock.now);
  const desk = createDesk({ clock, random: random('desk'), api, messages: brevo.messages });
  desk.open(deskTasks(random('tasks'), events, { from, to }));
  reportSeen({ clock, random: random('seen'), add: bridge.add, messages: brevo.messages });
  const limitChange = faults === 'harsh' ? { at: (from + to) / 2, limit: Math.floor(limit / 2) } : undefined;
  if (limitChange !== undefined)
    clock.after(limitChange.at - clock.now(), () => brevo.setLimit({ limit: limitChange.limit }));

  await clock.runUntil(to);
  // The last events may still bring messages for as long as they are fresh.
  const latest = to + (config.freshnessHours + 1) * hourMs;
  do await clock.runUntil(clock.now() + 10 * minuteMs);
  while (clock.now() < latest && (desk.isBusy() || (await bridge.isWaiting())));

  return {
    ...witness.seen,
    desk: desk.outcome,
    options,
    config,
    from,
    end: clock.now(),
    limitChange,
    events,
    arrivals,
    notices: await bridge.notices(),
    calls: brevo.calls,
    requests: brevo.requests(),
    messages: brevo.messages(),
  };
};
