import * as z from 'zod/mini';
import { absent, line, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { detail, text, unixTime, webAddress } from '../fields.ts';
import { parcelEvent } from '../order-news.ts';
import { bodyRefusal, hmacOf } from '../signature.ts';
import type { Source } from '../source.ts';
import { ignored, jsonIn, quoted, unsaid } from '../source.ts';

/**
 * Sendcloud's statuses by id, because their messages may change. Undefined for those without a message to the customer,
 * mostly about labels: a cancelled label is not a cancelled order. https://api.sendcloud.dev/docs/sendcloud-public-api (GET /parcels/statuses)
 */
const statuses: ReadonlyMap<number, string | undefined> = new Map([
  [1, 'processing'], // Announced
  [3, 'shipped'], // En route to sorting center
  [4, 'delayed'], // Delivery delayed
  [5, 'shipped'], // Sorted
  [6, 'shipped'], // Not sorted
  [7, 'shipped'], // Being sorted
  [8, 'delivery_failed'], // Delivery attempt failed
  [11, 'delivered'], // Delivered
  [12, 'ready_for_pickup'], // Awaiting customer pickup
  [13, undefined], // Announced: not collected
  [15, undefined], // Error collecting
  [22, 'shipped'], // Shipment picked up by driver
  [80, 'delivery_failed'], // Unable to deliver
  [91, 'shipped'], // Parcel en route
  [92, 'out_for_delivery'], // Driver en route
  [93, 'delivered'], // Shipment collected by customer
  [94, undefined], // Parcel cancellation failed
  [999, undefined], // No label
  [1000, undefined], // Ready to send
  [1001, undefined], // Being announced
  [1002, undefined], // Announcement failed
  [1337, undefined], // Unknown status
  [1998, undefined], // Cancelled upstream
  [1999, undefined], // Cancellation requested
  [2000, undefined], // Cancelled
  [2001, undefined], // Submitting cancellation request
  [62989, 'shipped'], // At Customs
  [62990, 'shipped'], // At sorting centre
  [62991, 'delivery_failed'], // Refused by recipient
  [62992, 'delivery_failed'], // Returned to sender
  [62993, undefined], // Delivery method changed
  [62994, undefined], // Delivery date changed
  [62995, undefined], // Delivery address changed
  [62996, 'delayed'], // Exception
  [62997, 'delivery_failed'], // Address invalid
]);

/** https://sendcloud.dev/api/v2/webhooks — the fields that the bridge reads. */
const webhook = z.object({
  action: absent(z.string()),
  timestamp: unixTime,
  carrier_status_change_timestamp: unixTime,
  parcel: absent(
    z.object({
      order_number: detail(shopId),
      external_order_id: detail(shopId),
      tracking_number: detail(line),
      tracking_url: webAddress,
      carrier: detail(z.object({ code: text })),
      is_return: detail(z.boolean()),
      status: absent(z.object({ id: z.int() })),
    }),
  ),
});

/** Sendcloud. It gives its webhooks no ids, and does not send them in order. */
export const sendcloud: Source = {
  sign: ({ body, secret }) => ({ 'sendcloud-signature': hmacOf(secret, [body]).toString('hex') }),

  refusal: ({ headers, body }, secrets) => bodyRefusal(body, headers['sendcloud-signature'], secrets, 'hex'),

  read: ({ body }, now) => {
    const { action, parcel, ...times } = parse(webhook, jsonIn(body), 'The webhook');
    if (action !== 'parcel_status_changed') return ignored(`unknown action: ${quoted(action)}`);
    if (parcel?.status === undefined) return ignored('the body contains no parcel');
    if (parcel.is_return === true) return ignored('the parcel comes from the customer');
    const { id } = parcel.status;
    const status = statuses.get(id);
    if (status === undefined) return unsaid(String(id), statuses.has(id));
    const occurredAt = times.carrier_status_change_timestamp ?? times.timestamp;
    if (occurredAt === undefined) return ignored('the body contains no time');
    const { tracking_number: trackingNumber } = parcel;
    if (trackingNumber === undefined) return ignored('the parcel has no tracking number');
    const news = {
      trackingNumber,
      orderNumber: parcel.order_number,
      orderId: parcel.external_order_id,
      status,
      occurredAt,
      carrier: parcel.carrier?.code,
      trackingUrl: parcel.tracking_url,
    };
    return { kind: 'events', events: [parcelEvent('sendcloud', news, now)] };
  },

  accepted: 200,
};
