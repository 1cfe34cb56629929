/**
 * The statuses that a text can be written for, in the order in which an order passes through them. The position is the
 * status's rank: news of a lower rank never follows news of a higher one.
 */
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
  // The money goes back after the goods came back.
  'returned',
  'refunded',
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

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
