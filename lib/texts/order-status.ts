/** The built-in statuses, in the order in which an order passes through them. */
export const orderStatuses = [
  'pending',
  'payment_failed',
  'on_hold',
  'paid',
  'processing',
  'shipped',
  'delayed',
  'out_for_delivery',
  'delivery_failed',
  'ready_for_pickup',
  'delivered',
  'cancelled',
  'returned',
  'refunded',
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

/** What statuses are about. Each parcel and each refund has its own notice, if the event identifies it. */
export const subjects = ['order', 'shipment', 'refund'] as const;
export type Subject = (typeof subjects)[number];

export interface StatusFacts {
  /**
   * A status never follows one of a higher rank; of two with the same rank, the later one counts. Ranks are stored, so
   * the gaps leave room for more statuses.
   */
  rank: number;
  about: Subject;
}

export const statusFacts: Record<OrderStatus, StatusFacts> = {
  pending: { rank: 100, about: 'order' },
  payment_failed: { rank: 200, about: 'order' },
  on_hold: { rank: 300, about: 'order' },
  paid: { rank: 400, about: 'order' },
  processing: { rank: 500, about: 'order' },
  shipped: { rank: 600, about: 'shipment' },
  // Before or after the parcel has left, and it may move on.
  delayed: { rank: 600, about: 'shipment' },
  out_for_delivery: { rank: 700, about: 'shipment' },
  // The carrier may try again.
  delivery_failed: { rank: 700, about: 'shipment' },
  ready_for_pickup: { rank: 750, about: 'shipment' },
  delivered: { rank: 800, about: 'shipment' },
  cancelled: { rank: 900, about: 'order' },
  // Refunds are made after the goods have been returned.
  returned: { rank: 1000, about: 'order' },
  refunded: { rank: 1100, about: 'refund' },
};

/** A status of the shop's own, which follows a built-in one. */
export interface OwnStatus {
  after: OrderStatus;
  about: Subject;
}

/** Halfway to the nearest built-in status. */
const afterwards = 25;

/** All statuses of a shop. Own statuses after the same built-in one have the same rank. */
export const statusesWith = (own: Readonly<Record<string, OwnStatus>>): Record<string, StatusFacts> => ({
  ...statusFacts,
  ...Object.fromEntries(
    Object.entries(own).map(([status, { after, about }]) => [
      status,
      { rank: statusFacts[after].rank + afterwards, about },
    ]),
  ),
});

/** What a status without any text is mapped to. */
const ignored = { ignore: { rank: 0, about: 'order' } } as const;

/**
 * The meaning of a status in an event: a built-in or own status as it is, others through `statusMap`.
 * @returns undefined if it is none of these
 */
export const orderStatusOf = (
  status: string,
  {
    statuses,
    statusMap,
  }: { statuses: Readonly<Record<string, OwnStatus>>; statusMap: Readonly<Record<string, string>> },
): ({ status: string } & StatusFacts) | undefined => {
  const all = statusesWith(statuses);
  const find = (known: Readonly<Record<string, StatusFacts>>, name = '') => {
    const facts = Object.hasOwn(known, name) ? known[name] : undefined;
    return facts && { status: name, ...facts };
  };
  const mapped = Object.hasOwn(statusMap, status) ? statusMap[status] : undefined;
  return find(all, status) ?? find({ ...all, ...ignored }, mapped);
};
