import * as z from 'zod/mini';
import { absent, instant, shopId } from '../../bus/fields.ts';
import { orderReference } from '../../bus/reference.ts';
import { parse } from '../../runtime/parse.ts';
import { detail, details, quantity, text, webAddress } from '../fields.ts';
import type { OrderNews, Withdrawal } from '../order-news.ts';

/** The news that a webhook reports, or why it reports none. */
export type News = (OrderNews | Withdrawal)[] | string;

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
  destination: z.optional(z.unknown()),
  line_items: details(
    z.object({
      name: text,
      quantity,
      gift_card: detail(z.boolean()),
      requires_shipping: detail(z.boolean()),
    }),
  ),
});

type Fulfilment = z.output<typeof shipmentFields>;

/**
 * What a carrier's word for a parcel means. `returning_to_sender` and others are missing: the shop writes to the
 * customer about them. https://shopify.dev/docs/api/admin-graphql/latest/enums/FulfillmentEventStatus
 */
const carrierStatuses = new Map([
  ['carrier_picked_up', 'shipped'],
  ['in_transit', 'shipped'],
  ['delayed', 'delayed'],
  ['buyer_action_required', 'delayed'],
  ['out_for_delivery', 'out_for_delivery'],
  ['attempted_delivery', 'delivery_failed'],
  ['failure', 'delivery_failed'],
  ['ready_for_pickup', 'ready_for_pickup'],
  ['ready_for_recipient_pickup', 'ready_for_pickup'],
  ['delivered', 'delivered'],
  ['picked_up', 'delivered'],
]);

/** Before the carrier has said anything. That the parcel is on its way is then said by the fulfilment itself. */
const notMoved: readonly (string | undefined)[] = [
  undefined,
  'confirmed',
  'label_purchased',
  'label_printed',
];

/**
 * Whether something is on its way to the customer: not if nothing needs shipping, as gift cards and downloads, and not
 * without an address, as the customer then fetches it at the store.
 */
const isCarried = ({ destination, line_items }: Fulfilment): boolean =>
  destination !== null &&
  (line_items.length === 0 ||
    line_items.some(({ gift_card, requires_shipping }) => gift_card !== true && requires_shipping !== false));

/**
 * The news of a fulfilment, or why there is none. If it was cancelled, what was said about its parcel is withdrawn.
 * @param order what is known about its order
 */
export const shipmentOf = (
  fulfilment: Fulfilment,
  order: Omit<OrderNews, 'status' | 'occurredAt'>,
): OrderNews | Withdrawal | string => {
  const { id, status, shipment_status } = fulfilment;
  const occurredAt = fulfilment.updated_at ?? fulfilment.created_at;
  if (id === undefined || occurredAt === undefined) return 'the body contains no shipment';
  if (status === 'cancelled')
    return { reference: orderReference(order.orderId, { about: 'shipment', id }), occurredAt };
  // Other statuses: `pending` or `open` at a fulfilment service, or failed.
  if (status !== 'success') return 'the parcel has not been shipped';
  const isNew = notMoved.includes(shipment_status);
  if (isNew && !isCarried(fulfilment)) return 'nothing is on its way to the customer';
  const parcelStatus = isNew ? 'shipped' : carrierStatuses.get(shipment_status ?? '');
  if (parcelStatus === undefined) return 'no message for this shipment status';
  return {
    ...order,
    status: parcelStatus,
    occurredAt,
    shipmentId: id,
    carrier: fulfilment.tracking_company,
    trackingNumber: fulfilment.tracking_number ?? fulfilment.tracking_numbers[0],
    trackingUrl: fulfilment.tracking_url ?? fulfilment.tracking_urls[0],
    items: fulfilment.line_items.flatMap(({ name, quantity }) =>
      name === undefined ? [] : [{ name, quantity }],
    ),
  };
};

/**
 * `fulfillments/create` and `fulfillments/update`. The body names neither customer nor language, which are known from
 * the order's own events.
 */
export const shipmentMoved = (body: unknown): News => {
  const fulfilment = parse(z.nullable(shipmentFields), body, 'The webhook');
  if (fulfilment?.order_id === undefined) return 'the body contains no shipment';
  const order = { orderId: fulfilment.order_id, orderNumber: orderNumberIn(fulfilment.name) };
  const shipment = shipmentOf(fulfilment, order);
  return typeof shipment === 'string' ? shipment : [shipment];
};

/** A fulfilment's name contains its order's: `#1001.1`, or `#1001-F1`. */
const orderNumberIn = (name: string | undefined): string | undefined =>
  /^(.+?)(?:\.\d+|-F\d+)$/.exec(name ?? '')?.[1];

/** https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillmentevent */
const carrierEvent = z.nullable(
  z.object({
    order_id: absent(shopId),
    fulfillment_id: absent(shopId),
    status: absent(z.string()),
    happened_at: absent(instant),
    created_at: absent(instant),
    estimated_delivery_at: detail(z.iso.datetime({ offset: true })),
  }),
);

/** `fulfillment_events/create`: what the carrier reports. Number, language and tracking are known from other events. */
export const carrierReported = (body: unknown): News => {
  const read = parse(carrierEvent, body, 'The webhook');
  const occurredAt = read?.happened_at ?? read?.created_at;
  if (read?.order_id === undefined || read.fulfillment_id === undefined || occurredAt === undefined)
    return 'the body contains no carrier event';
  const status = carrierStatuses.get(read.status ?? '');
  if (status === undefined) return 'no message for this carrier event';
  return [
    {
      orderId: read.order_id,
      status,
      occurredAt,
      shipmentId: read.fulfillment_id,
      estimatedDelivery: read.estimated_delivery_at,
    },
  ];
};
