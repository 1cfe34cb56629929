/**
 * The statuses of AfterShip's tags; undefined for what is no news. `Exception` means anything: its subtags say what.
 * https://www.aftership.com/docs/tracking/enum/delivery-sub-statuses
 */
const tags: ReadonlyMap<string, string | undefined> = new Map([
  ['Pending', undefined],
  ['InfoReceived', 'processing'],
  ['InTransit', 'shipped'],
  ['OutForDelivery', 'out_for_delivery'],
  ['AvailableForPickup', 'ready_for_pickup'],
  ['AttemptFail', 'delivery_failed'],
  ['Delivered', 'delivered'],
  ['Expired', undefined], // No news for 30 days
]);

/** Subtags that mean something else than their tag. */
const subtags = new Map([
  ['OutForDelivery_002', 'ready_for_pickup'], // Until AvailableForPickup replaced it
  ['Exception_001', 'delivery_failed'], // Of any kind
  ['Exception_002', 'delivery_failed'], // The customer moved
  ['Exception_003', 'delivery_failed'], // The customer refused it
  ['Exception_004', 'delayed'], // Customs
  ['Exception_005', 'delayed'], // An external cause
  ['Exception_006', 'delayed'], // Held for a payment
  ['Exception_007', 'delivery_failed'], // Wrong address
  ['Exception_008', 'delivery_failed'], // Not fetched from the pickup point
  ['Exception_009', 'delivery_failed'], // The carrier rejected it
  ['Exception_010', 'delivery_failed'], // Returning to the sender
  ['Exception_011', 'delivery_failed'], // Returned to the sender
  ['Exception_012', 'delivery_failed'], // Damaged
  ['Exception_013', 'delivery_failed'], // Lost
  ['Exception_016', 'delayed'], // Processed late
  ['Exception_017', 'delayed'], // Weather
  ['Exception_018', 'delayed'], // Papers are missing
]);

/** The status of a tracking, and what AfterShip calls it. A new subtag means what its tag means. */
export const statusOf = (
  tag: string,
  subtag = tag,
): { status: string | undefined; name: string; isKnown: boolean } => ({
  status: subtags.get(subtag) ?? tags.get(tag),
  name: tags.has(tag) ? tag : subtag,
  isKnown: tags.has(tag),
});
