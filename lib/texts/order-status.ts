/** The statuses that have texts, in the order in which an order passes through them. */
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
 * A status never follows one of a higher rank. Ranks are stored, so the gaps leave room for more statuses. `about`
 * names the subject: each parcel and each refund has its own notice, if the event identifies it.
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
  // Refunds are made after the goods have been returned.
  returned: { rank: 1000, about: 'order' },
  refunded: { rank: 1100, about: 'refund' },
};

const isOrderStatus = (status: string): status is OrderStatus =>
  orderStatuses.some((known) => known === status);

/**
 * The meaning of a shop's status: a built-in status as it is, others through `statusMap`. Undefined if it is neither.
 */
export const orderStatusOf = (
  status: string,
  statusMap: Readonly<Record<string, OrderStatus>>,
): OrderStatus | undefined => {
  if (isOrderStatus(status)) return status;
  return Object.hasOwn(statusMap, status) ? statusMap[status] : undefined;
};
