/** The events of a shop, each with the desired states it stands for. */
import { type OrderStatus, orderStatuses } from '../../lib/texts/order-status.ts';
import { isSilent, policyOf, textOf } from './config.ts';
import { type Customer, clocksAhead, type Expected, named, visitorIdOf, type WorldEvent } from './event.ts';
import { between, createRandom, type Random } from './random.ts';
import { announcements, errandStepMs, errands, orderStory, reminders, reverted, type Step } from './story.ts';

export interface WorldOptions {
  orders: number;
  /** Milliseconds since 1970; nothing happens before or after. */
  from: number;
  to: number;
}

/** All that happens, in the order in which it does. */
export const createWorld = (random: Random, { orders, from, to }: WorldOptions): WorldEvent[] => {
  // Drawn apart, so that another detail leaves the orders as they are.
  const details = createRandom(Math.floor(random() * 2 ** 32), 'details');
  const visitors = Math.max(1, Math.round(orders * 0.7));
  const placedAt = orderTimes(random, { orders, from, to });
  const events = placedAt.flatMap((at, index) => {
    const customer = Math.floor(random() * visitors);
    const who = { id: String(customer), isGuest: customer % 3 !== 0 };
    const order = String(1001 + index);
    const reminded = random() < 0.06 ? reminders(random, { order, who, placedAt: at }) : [];
    const steps = orderStory(random, at);
    const isErrand = details() < 0.08 && at + 5 * errandStepMs < to;
    return [
      ...[...steps, ...reverted(details, steps)].map((step) => statusEvent(order, step, who)),
      ...reminded,
      ...(isErrand ? errands(details, { order, who, placedAt: at }) : []),
    ];
  });
  return [...events, ...announcements(random, visitors, { from, to })]
    .filter(({ at }) => at >= from && at < to)
    .toSorted((a, b) => a.at - b.at)
    .map((event, index) => ({ ...event, id: `event-${index}` }));
};

/** Half of the orders come over the day, the others in three bursts. The last hours see no new ones. */
const orderTimes = (random: Random, { orders, from, to }: WorldOptions): number[] => {
  const span = (to - from) * 0.75;
  const bursts = [0.05, 0.35, 0.6].map((share) => from + share * span);
  return Array.from({ length: orders }, () => {
    const burst = bursts[Math.floor(random() * bursts.length * 2)];
    return Math.round(burst === undefined ? from + random() * span : burst + between(random, 0, 120_000));
  });
};

const fromTheWarehouse: readonly OrderStatus[] = ['shipped', 'out_for_delivery', 'delivered'];

/** The event of a step. */
export const statusEvent = (order: string, step: Step, who: Customer): Omit<WorldEvent, 'id'> => {
  const { at, status, edition, epoch, shipmentId, refundId, reopens } = step;
  const source = fromTheWarehouse.includes(status) ? 'shop.warehouse' : 'shop.orders';
  const part =
    shipmentId !== undefined
      ? `/shipment:${shipmentId}`
      : refundId !== undefined
        ? `/refund:${refundId}`
        : '';
  const trackingNumber = `${order}-${edition}`;
  const one: Expected = {
    reference: `order:${order}${part}`,
    visitorId: visitorIdOf(who),
    text: textOf(status, order, trackingNumber),
    standsAlone: policyOf(status) === 'replace',
    place: [epoch, orderStatuses.indexOf(status), at],
  };
  return {
    at,
    source,
    type: 'order.status_changed',
    data: {
      orderId: order,
      status,
      occurredAt: new Date(at + clocksAhead[source]).toISOString(),
      trackingNumber,
      // The warehouse knows less of an order than the shop.
      ...(source === 'shop.orders' && { orderNumber: order, locale: 'en' }),
      ...(status === 'refunded' ? {} : named(who)),
      ...(shipmentId === undefined ? {} : { shipmentId }),
      ...(refundId === undefined ? {} : { refundId }),
      ...(reopens === undefined ? {} : { reopens }),
    },
    expected: isSilent(status) ? [] : [one],
  };
};
