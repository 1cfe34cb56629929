/** What happens in a shop: to its orders, and beside them. */
import type { OrderStatus } from '../../lib/texts/order-status.ts';
import { type Customer, named, visitorIdOf, type WorldEvent } from './event.ts';
import { between, oneOf, type Random, shuffled } from './random.ts';

/** A change of an order, or of one of its parcels or refunds, at its true time (milliseconds since 1970). */
export interface Step {
  at: number;
  status: OrderStatus;
  /** Counts the changes of the order, so that no two texts of one subject are the same. */
  edition: number;
  /** Counts how often the order was reopened: the ranks of the statuses begin anew. */
  epoch: number;
  shipmentId?: string;
  refundId?: string;
  reopens?: boolean;
}

const minute = 60_000;
const hour = 60 * minute;

/** The warehouse ships three times a day, all that is ready. */
const shipsAt = [11, 14, 17].map((hours) => hours * hour);

const nextShipping = (ready: number): number => {
  const day = Math.floor(ready / (24 * hour)) * 24 * hour;
  const next = [...shipsAt, (shipsAt[0] ?? 0) + 24 * hour].find((time) => day + time >= ready);
  return day + (next ?? 0);
};

/** The story of one order, placed at a moment; it may last longer than anybody watches. */
export const orderStory = (random: Random, placedAt: number): Step[] => {
  const chance = (share: number) => random() < share;
  const later = (from: number, least: number, most: number) =>
    Math.round(from + between(random, least, most));
  const steps: Step[] = [];
  let edition = 0;
  let epoch = 0;
  let at = placedAt;
  /** Shops save an order again and again: the same status, the same text, another time. */
  const add = (step: Pick<Step, 'status' | 'shipmentId' | 'reopens'>, time: number): void => {
    edition++;
    if (step.reopens) epoch++;
    at = time;
    steps.push({ ...step, edition, epoch, at });
    if (chance(0.15)) steps.push({ ...step, edition, epoch, at: later(at, 20_000, 5 * minute) });
  };

  add({ status: 'pending' }, placedAt);
  if (chance(0.12)) {
    add({ status: 'payment_failed' }, later(at, minute, 10 * minute));
    if (chance(0.4)) {
      add({ status: 'cancelled' }, later(at, hour, 3 * hour));
      return steps;
    }
  }
  if (chance(0.05)) add({ status: 'on_hold' }, later(at, minute, 20 * minute));
  add({ status: 'paid' }, later(at, 5_000, 15 * minute));
  if (chance(0.7)) add({ status: 'processing' }, later(at, 5 * minute, 90 * minute));
  if (chance(0.08)) {
    add({ status: 'cancelled' }, later(at, 2 * minute, 2 * hour));
    if (chance(0.5)) return [...steps, ...refund(random, { at, epoch, edition: ++edition })];
    add({ status: 'paid', reopens: true }, later(at, 10 * minute, 90 * minute));
    add({ status: 'processing' }, later(at, 5 * minute, 90 * minute));
  }
  const shippedAt = later(nextShipping(at + 30 * minute), 0, 3 * minute);
  const parcels = chance(0.15) ? ['1', '2'] : [undefined];
  for (const shipmentId of parcels) {
    const parcel = shipmentId === undefined ? {} : { shipmentId };
    add({ status: 'shipped', ...parcel }, later(shippedAt, 0, 10 * minute));
    if (chance(0.3)) add({ status: 'shipped', ...parcel }, later(at, 6 * minute, 40 * minute));
    add({ status: 'out_for_delivery', ...parcel }, later(at, 2 * hour, 7 * hour));
    add({ status: 'delivered', ...parcel }, later(at, 30 * minute, 4 * hour));
  }
  if (!chance(0.08)) return steps;
  if (chance(0.5)) add({ status: 'returned' }, later(at, hour, 4 * hour));
  return [...steps, ...refund(random, { at, epoch, edition: ++edition })];
};

/** A tracking number that was mistaken: now and then a step is changed, and soon changed back. */
export const reverted = (random: Random, steps: readonly Step[]): Step[] =>
  steps.flatMap((step, index) => {
    if (step.reopens || step.refundId !== undefined || random() >= 0.1) return [];
    const after = random() < 0.5 ? between(random, 10_000, minute) : between(random, minute, 20 * minute);
    const mistakenAt = Math.round(step.at + after);
    const mistaken = { ...step, edition: 1000 + index, at: mistakenAt };
    return [mistaken, { ...step, at: Math.round(mistakenAt + between(random, 20_000, 15 * minute)) }];
  });

/** Refunds name the order alone; some shops number them, and pay in two parts. */
const refund = (random: Random, from: Pick<Step, 'at' | 'epoch' | 'edition'>): Step[] => {
  const first = {
    ...from,
    status: 'refunded' as const,
    at: Math.round(from.at + between(random, 10 * minute, 2 * hour)),
  };
  const second = { ...first, at: first.at + hour, edition: first.edition + 1 };
  return oneOf<Step[]>(random, [
    [first],
    [{ ...first, refundId: '1' }],
    [
      { ...first, refundId: '1' },
      { ...second, refundId: '2' },
    ],
  ]);
};

type Unnumbered = Omit<WorldEvent, 'id'>;

interface Occasion {
  order: string;
  who: Customer;
  placedAt: number;
}

/** An event about a notice of the shop's own. Without a text it is withdrawn. */
const ownNotice =
  (reference: string, who: Customer) =>
  (at: number, text?: string): Unnumbered => ({
    at,
    source: 'shop.marketing',
    type: text === undefined ? 'notice.withdrawn' : 'notice.requested',
    data: {
      reference,
      occurredAt: new Date(at).toISOString(),
      ...(text === undefined ? {} : { text, ...named(who) }),
    },
    expected: [
      { reference, visitorId: visitorIdOf(who), text, standsAlone: text === undefined, place: [0, 0, at] },
    ],
  });

/** A notice of the shop's own, in three editions or withdrawn again. */
export const reminders = (random: Random, { order, who, placedAt }: Occasion): Unnumbered[] => {
  const say = ownNotice(`reminder:${order}`, who);
  const at = Array.from(
    { length: 3 },
    () => placedAt + Math.round(between(random, 60_000, 7_200_000)),
  ).toSorted((a, b) => a - b);
  const isWithdrawn = random() < 0.5;
  return at.map((time, index) =>
    index === 2 && isWithdrawn ? say(time) : say(time, `Reminder about order ${order}, edition ${index + 1}`),
  );
};

export const errandPrefix = 'errand:';

/** Between what happens to an errand. Milliseconds. */
export const errandStepMs = 30 * minute;

/** A notice that operators take care of as well, between its two editions and after them. */
export const errands = (random: Random, { order, who, placedAt }: Occasion): Unnumbered[] => {
  const say = ownNotice(`${errandPrefix}${order}`, who);
  const isWithdrawn = random() < 0.3;
  return [
    say(placedAt, `Errand ${order}, first edition`),
    say(placedAt + 2 * errandStepMs, `Errand ${order}, second edition`),
    ...(isWithdrawn ? [say(placedAt + 4 * errandStepMs)] : []),
  ];
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
