import * as z from 'zod/mini';
import { absent, instant, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { details, lineItems, text, webAddress } from '../fields.ts';
import type { OrderNews } from '../order-news.ts';

/** https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment — the fields that the bridge reads. */
export const shipmentFields = z.object({
  id: absent(shopId),
  order_id: absent(shopId),
  name: text,
  status: absent(z.string()),
  shipment_status: absent(z.string()),
  created_at: absent(instant),
  updated_at: absent(instant),
  tracking_company: text,
  tracking_number: text,
  tracking_numbers: details(z.string()),
  tracking_url: webAddress,
  tracking_urls: details(z.url({ protocol: /^https?$/ })),
  line_items: lineItems,
});

type Shipment = Omit<OrderNews, 'orderId' | 'orderNumber'>;

/**
 * The status of a parcel for each `shipment_status`, which is null until the carrier reports one. Failed attempts,
 * delays and others are missing: the shop writes to the customer about them.
 */
const statuses = new Map([
  [undefined, 'shipped'],
  ['confirmed', 'shipped'],
  ['label_purchased', 'shipped'],
  ['label_printed', 'shipped'],
  ['carrier_picked_up', 'shipped'],
  ['in_transit', 'shipped'],
  // These two have texts of their own.
  ['out_for_delivery', 'out_for_delivery'],
  ['delivered', 'delivered'],
]);

/** The parcel of a fulfilment, or why there is no message for it. */
export const shipmentOf = (fulfilment: z.output<typeof shipmentFields>): Shipment | string => {
  const { id, status, shipment_status } = fulfilment;
  const occurredAt = fulfilment.updated_at ?? fulfilment.created_at;
  const parcelStatus = statuses.get(shipment_status);
  if (id === undefined || occurredAt === undefined) return 'the body contains no shipment';
  // Other statuses: `pending` or `open` at a fulfilment service, `cancelled`, or failed.
  if (status !== 'success') return 'the parcel has not been shipped';
  if (parcelStatus === undefined) return 'no message for this shipment status';
  return {
    status: parcelStatus,
    occurredAt,
    shipmentId: id,
    carrier: fulfilment.tracking_company,
    trackingNumber: fulfilment.tracking_number ?? fulfilment.tracking_numbers[0],
    trackingUrl: fulfilment.tracking_url ?? fulfilment.tracking_urls[0],
    items: fulfilment.line_items,
  };
};

/**
 * `fulfillments/create` and `fulfillments/update`. The body names neither customer nor language. The visitor is known
 * from the order's own events.
 */
export const shipmentMoved = (body: unknown): OrderNews[] | string => {
  const fulfilment = parse(z.nullable(shipmentFields), body, 'The webhook');
  if (fulfilment?.order_id === undefined) return 'the body contains no shipment';
  const shipment = shipmentOf(fulfilment);
  if (typeof shipment === 'string') return shipment;
  return [{ orderId: fulfilment.order_id, orderNumber: orderNumberIn(fulfilment.name), ...shipment }];
};

/** A fulfilment's name contains its order's: `#1001.1`, or `#1001-F1`. */
const orderNumberIn = (name: string | undefined): string | undefined =>
  /^(.+?)(?:\.\d+|-F\d+)$/.exec(name ?? '')?.[1];
