/** What happens to the orders of a shop: each order's statuses, in the order in which they truly come about. */
import type { OrderStatus } from '../../lib/texts/order-status.ts';
import { between, oneOf, type Random } from './random.ts';

/** A change of an order, or of one of its parcels or refunds, at its true time (milliseconds since 1970). */
export interface Step {
  at: number;
  status: OrderStatus;
  /** Tells two texts of one subject apart: counts what there is new to say. */
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
