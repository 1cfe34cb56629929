import { createBrevoWire } from '../../simulation/brevo-wire.ts';
import { createClock } from '../../simulation/clock.ts';
import { agents } from '../../simulation/config.ts';
import { deliver } from '../../simulation/delivery.ts';
import { createGate } from '../../simulation/gate.ts';
import { apiKey } from '../../simulation/install.ts';
import { createRandom } from '../../simulation/random.ts';
import { createTrouble, type FaultLevel } from '../../simulation/trouble.ts';
import { createWitness } from '../../simulation/witness.ts';
import { burst } from './burst.ts';
import type { Sender } from './stage.ts';

export interface DayOptions {
  seed: number;
  orders: number;
  events: number;
  hours: number;
  faults: FaultLevel;
}

/** A Monday at ten, when both agents are there. */
const from = Date.UTC(2026, 1, 2, 10);

const hourMs = 3_600_000;

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
    troubleAt: createTrouble(faults, random('trouble'), { from, to: end }),
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
