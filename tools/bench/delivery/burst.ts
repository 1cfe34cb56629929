/** A flash sale: many orders within half an hour, and the first of what happens to them. */
import type { WorldEvent } from '../../simulation/event.ts';
import { between, type Random } from '../../simulation/random.ts';
import { orderStory } from '../../simulation/story.ts';
import { statusEvent } from '../../simulation/world.ts';

const halfAnHourMs = 30 * 60_000;

/**
 * The first events of a burst of orders. Each names its visitor, and each status is a message of its own, so that a sender
 * without memory has all it needs: events that ask for no message, and refunds, which name the order alone, are left out.
 * @param from when the burst begins, milliseconds since 1970
 */
export const burst = (
  random: Random,
  { orders, events, from }: { orders: number; events: number; from: number },
): WorldEvent[] =>
  Array.from({ length: orders }, (_, index) => String(1001 + index))
    .flatMap((order) =>
      orderStory(random, Math.round(from + between(random, 0, halfAnHourMs)))
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
