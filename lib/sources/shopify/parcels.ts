import * as z from 'zod/mini';
import { absent, instant, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { details, lineItems, text, webAddress } from '../fields.ts';
import type { OrderNews } from '../order-news.ts';

/** https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment — what is read of it. */
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
 * What is said of a parcel by its `shipment_status`, which is null as long as the carrier has not spoken. A failed
 * attempt, a delay and the like are for the shop to write about.
 */
const statuses = new Map([
  [undefined, 'shipped'],
  ['confirmed', 'shipped'],
  ['label_purchased', 'shipped'],
  ['label_printed', 'shipped'],
  ['carrier_picked_up', 'shipped'],
  ['in_transit', 'shipped'],
  // Two statuses that the chat has its own words for.
  ['out_for_delivery', 'out_for_delivery'],
  ['delivered', 'delivered'],
]);

/** The parcel that a fulfilment is, or why there is nothing to say about it. */
export const shipmentOf = (fulfilment: z.output<typeof shipmentFields>): Shipment | string => {
  const { id, status, shipment_status } = fulfilment;
  const occurredAt = fulfilment.updated_at ?? fulfilment.created_at;
  const told = statuses.get(shipment_status);
  if (id === undefined || occurredAt === undefined) return 'no shipment in it';
  // Others are `pending` or `open` with a fulfilment service, `cancelled`, or have failed.
  if (status !== 'success') return 'nothing has been shipped';
  if (told === undefined) return 'no message for this shipment status';
  return {
    status: told,
    occurredAt,
    shipmentId: id,
    carrier: fulfilment.tracking_company,
    trackingNumber: fulfilment.tracking_number ?? fulfilment.tracking_numbers[0],
    trackingUrl: fulfilment.tracking_url ?? fulfilment.tracking_urls[0],
    items: fulfilment.line_items,
  };
};

/**
 * `fulfillments/create` and `fulfillments/update`. Such a body names neither customer nor language; the order's chat is
 * known from the order's own events.
 */
export const shipmentMoved = (body: unknown): OrderNews[] | string => {
  const fulfilment = parse(z.nullable(shipmentFields), body, 'The webhook');
  if (fulfilment?.order_id === undefined) return 'no shipment in it';
  const shipment = shipmentOf(fulfilment);
  if (typeof shipment === 'string') return shipment;
  return [{ orderId: fulfilment.order_id, orderNumber: orderNumberIn(fulfilment.name), ...shipment }];
};

/** A fulfilment is named after its order: `#1001.1`, or `#1001-F1`. */
const orderNumberIn = (name: string | undefined): string | undefined =>
  /^(.+?)(?:\.\d+|-F\d+)$/.exec(name ?? '')?.[1];
