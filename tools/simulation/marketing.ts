/** What the shop tells beside the news of orders. */
import { type Customer, named, visitorIdOf } from './customer.ts';
import type { WorldEvent } from './event.ts';
import { between, type Random, shuffled } from './random.ts';

type Unnumbered = Omit<WorldEvent, 'id'>;

/** A notice of the shop's own, in three editions or withdrawn again. */
export const reminders = (random: Random, order: string, who: Customer, placedAt: number): Unnumbered[] => {
  const reference = `reminder:${order}`;
  const visitorId = visitorIdOf(who);
  const source = 'shop.marketing' as const;
  const event = (at: number, type: string, said: { text?: string }): Unnumbered => ({
    at,
    source,
    type,
    data: {
      reference,
      occurredAt: new Date(at).toISOString(),
      ...(said.text === undefined ? {} : { ...said, ...named(who) }),
    },
    expected: [
      { reference, visitorId, text: said.text, standsAlone: said.text === undefined, place: [0, 0, at] },
    ],
  });
  const at = Array.from(
    { length: 3 },
    () => placedAt + Math.round(between(random, 60_000, 7_200_000)),
  ).toSorted((a, b) => a - b);
  const isWithdrawn = random() < 0.5;
  return at.map((time, index) =>
    index === 2 && isWithdrawn
      ? event(time, 'notice.withdrawn', {})
      : event(time, 'notice.requested', { text: `Reminder about order ${order}, edition ${index + 1}` }),
  );
};

/** Two a day at most, each to a few visitors. */
export const announcements = (
  random: Random,
  visitors: number,
  { from, to }: { from: number; to: number },
): Unnumbered[] =>
  [0.2, 0.55].map((share, index) => {
    const at = Math.round(from + share * (to - from));
    const everyone = Array.from({ length: visitors }, (_, visitor) => `visitor-${visitor}`);
    const visitorIds = shuffled(random, everyone).slice(0, Math.min(20, Math.ceil(visitors / 8)));
    const text = `Announcement ${index + 1}`;
    return {
      at,
      source: 'shop.marketing',
      type: 'announcement.published',
      data: { announcementId: String(index + 1), visitorIds, text, occurredAt: new Date(at).toISOString() },
      expected: visitorIds.map((visitorId) => ({
        reference: `announcement:${index + 1}:${visitorId}`,
        visitorId,
        text,
        standsAlone: false,
        place: [0, 0, at],
      })),
    };
  });
