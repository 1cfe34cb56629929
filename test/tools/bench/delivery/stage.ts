import type { Sender } from '../../../../tools/bench/delivery/stage.ts';
import { createClock } from '../../../../tools/simulation/clock.ts';
import { envelopeOf } from '../../../../tools/simulation/event.ts';
import { createGate } from '../../../../tools/simulation/gate.ts';
import { createRandom } from '../../../../tools/simulation/random.ts';
import { createWitness } from '../../../../tools/simulation/witness.ts';
import { statusEvent } from '../../../../tools/simulation/world.ts';

/** Long before any agent comes on shift, so that nobody is pinged. */
export const midnight = Date.UTC(2026, 1, 2);

export const hour = 3_600_000;

/** An event about an order, as EventBridge hands it on. */
export const eventOf = (order: string): string => {
  const step = { at: midnight, status: 'paid', edition: 1, epoch: 0 } as const;
  const event = statusEvent(order, step, { id: order, isGuest: true });
  return envelopeOf({ ...event, id: `event-${order}` }, 1, midnight);
};

/**
 * A sender before a Brevo that answers as it is told.
 * @param answer a status, or nothing to let the sender wait until it gives up
 */
export const install = async (sender: Sender, answer: (attempt: number) => number | undefined) => {
  const clock = createClock(midnight);
  const witness = createWitness(clock);
  const random = (purpose: string) => createRandom(1, purpose);
  const gate = createGate({ clock, random: random('gate'), killShare: 0, onKill: witness.onKill });
  const requests: { at: number; text: string; path: string }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) =>
    gate.pass(async () => {
      const { text = '' } = JSON.parse(String(init?.body));
      requests.push({ at: clock.now(), text, path: new URL(String(input)).pathname });
      const status = answer(requests.length);
      if (status !== undefined) return { afterMs: 0, read: () => new Response(null, { status }) };
      const read = () => {
        throw new DOMException('given up', 'TimeoutError');
      };
      return { afterMs: sender.patienceMs, read };
    });
  const add = await sender.install({ clock, gate, witness, random, fetch });
  return { add, clock, requests, deadLetters: witness.seen.deadLetters };
};
