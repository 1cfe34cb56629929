/** A flash sale, and the hours after it with one sender. */
import { createBrevoWire } from '../../simulation/brevo-wire.ts';
import { apiKey } from '../../simulation/bridge.ts';
import { createClock } from '../../simulation/clock.ts';
import { agents } from '../../simulation/config.ts';
import { deliver, type WorldEvent } from '../../simulation/event.ts';
import { createGate } from '../../simulation/gate.ts';
import { createWitness } from '../../simulation/network.ts';
import { between, createRandom, type Random } from '../../simulation/random.ts';
import { orderStory } from '../../simulation/story.ts';
import { createTrouble, type FaultLevel } from '../../simulation/trouble.ts';
import { statusEvent } from '../../simulation/world.ts';
import type { Sender } from './sender.ts';

const hourMs = 3_600_000;

/**
 * The first events of orders that are all placed within half an hour. Each names its visitor, and each status is a message of
 * its own, so that a sender without memory has all it needs: events that ask for no message, and refunds, which name the order
 * alone, are left out.
 * @param from when the burst begins, milliseconds since 1970
 */
export const burst = (
  random: Random,
  { orders, events, from }: { orders: number; events: number; from: number },
): WorldEvent[] =>
  Array.from({ length: orders }, (_, index) => String(1001 + index))
    .flatMap((order) =>
      orderStory(random, Math.round(from + between(random, 0, hourMs / 2)))
        .filter(({ status }) => status !== 'refunded')
        .map((step) => statusEvent(order, step, { id: order, isGuest: true })),
    )
    .filter(({ expected }) => expected.length > 0)
    .toSorted((a, b) => a.at - b.at)
    .slice(0, events)
    .map((event, index) => ({
      ...event,
      expected: event.expected.map((one) => ({ ...one, standsAlone: false })),
      id: `event-${index}`,
    }));

export interface DayOptions {
  seed: number;
  orders: number;
  events: number;
  hours: number;
  faults: FaultLevel;
}

/** A Monday at ten, when both agents are there. */
const from = Date.UTC(2026, 1, 2, 10);

export type Day = Awaited<ReturnType<typeof day>>;

/** The hours after a burst, as one sender brings them to the chat. The same seed gives each sender the same burst. */
export const day = async (sender: Sender, { seed, orders, events: most, hours, faults }: DayOptions) => {
  const random = (purpose: string) => createRandom(seed, purpose);
  const end = from + hours * hourMs;
  const clock = createClock(from - 5 * 60_000);
  const witness = createWitness(clock);
  // Nobody is killed: EventBridge's own workers would have to be spared, and that would be no comparison.
  const gate = createGate({ clock, random: random('gate'), killShare: 0, onKill: witness.onKill });
  const brevo = createBrevoWire({
    clock,
    gate,
    random: random('brevo'),
    limit: { limit: 100, windowSeconds: 3600, kind: 'fixed', scope: 'account' },
    agents,
    apiKey,
    timeoutMs: sender.patienceMs,
    troubleAt: createTrouble(random('trouble'), { level: faults, from, to: end }),
  });
  const add = await sender.install({ clock, gate, witness, random, fetch: brevo.fetch });
  const events = burst(random('burst'), { orders, events: most, from });
  const arrivals = deliver({ clock, random: random('delivery'), add }, events, 1);
  await clock.runUntil(end);
  return {
    from,
    end,
    events,
    arrivals,
    calls: brevo.calls,
    requests: brevo.requests(),
    messages: brevo.messages(),
  };
};
