import type { Clock } from './clock.ts';
import { envelopeOf, type WorldEvent } from './event.ts';
import { between, type Random } from './random.ts';

/** The bus takes an event when the shop's system sends it, which is a little later; milliseconds. */
const mostSendingMs = 1_000;

/**
 * Has each event come, most within seconds, some after minutes.
 * @param copies how many times each comes
 * @returns when each event came first, by its id; filled as they come
 */
export const deliver = (
  { clock, random, add }: { clock: Clock; random: Random; add: (body: string) => void },
  events: readonly WorldEvent[],
  copies = 3,
): Map<string, number> => {
  const arrivals = new Map<string, number>();
  for (const event of events) {
    for (let copy = 1; copy <= copies; copy++) {
      const delayMs = delay(random);
      const putAt = event.at + Math.min(mostSendingMs, delayMs);
      clock.after(event.at + delayMs - clock.now(), () => {
        if (!arrivals.has(event.id)) arrivals.set(event.id, clock.now());
        add(envelopeOf(event, copy, putAt));
      });
    }
  }
  return arrivals;
};

const delay = (random: Random): number => {
  const draw = random();
  if (draw < 0.6) return between(random, 100, 2_000);
  return draw < 0.9 ? between(random, 2_000, 60_000) : between(random, 60_000, 480_000);
};
