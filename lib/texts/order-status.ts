/** The statuses that a text can be written for, in the order in which an order passes through them. */
export const orderStatuses = [
  'pending',
  'payment_failed',
  'on_hold',
  'paid',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
  'cancelled',
  'returned',
  'refunded',
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

/**
 * What is known of each status. News of a lower rank never follows news of a higher one; the gaps leave room for more
 * statuses, since ranks are stored. A parcel's journey and each refund are news of their own, if the event names which.
 */
export const statusFacts: Record<OrderStatus, { rank: number; about: 'order' | 'shipment' | 'refund' }> = {
  pending: { rank: 100, about: 'order' },
  payment_failed: { rank: 200, about: 'order' },
  on_hold: { rank: 300, about: 'order' },
  paid: { rank: 400, about: 'order' },
  processing: { rank: 500, about: 'order' },
  shipped: { rank: 600, about: 'shipment' },
  out_for_delivery: { rank: 700, about: 'shipment' },
  delivered: { rank: 800, about: 'shipment' },
  cancelled: { rank: 900, about: 'order' },
  // The money goes back after the goods came back.
  returned: { rank: 1000, about: 'order' },
  refunded: { rank: 1100, about: 'refund' },
};

const isOrderStatus = (status: string): status is OrderStatus =>
  orderStatuses.some((known) => known === status);

/** What a shop's own status means: one of ours as it is, another through `statusMap`; undefined when it is in neither. */
export const orderStatusOf = (
  status: string,
  statusMap: Readonly<Record<string, OrderStatus>>,
): OrderStatus | undefined => {
  if (isOrderStatus(status)) return status;
  return Object.hasOwn(statusMap, status) ? statusMap[status] : undefined;
};
