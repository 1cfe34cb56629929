import * as z from 'zod/mini';
import { absent, instant, line } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { dayOf, detail, details, senderId, text, webAddress } from '../fields.ts';
import { parcelEvent } from '../order-news.ts';
import { bodyRefusal, hmacOf } from '../signature.ts';
import type { Source } from '../source.ts';
import { ignored, jsonIn, quoted, unsaid } from '../source.ts';

/** The statuses of trackers; undefined for what is no news. https://docs.easypost.com/docs/trackers */
const statuses: ReadonlyMap<string, string | undefined> = new Map([
  ['unknown', undefined],
  ['pre_transit', 'processing'],
  ['in_transit', 'shipped'],
  ['out_for_delivery', 'out_for_delivery'],
  ['available_for_pickup', 'ready_for_pickup'],
  ['delivered', 'delivered'],
  ['return_to_sender', 'delivery_failed'],
  ['failure', 'delivery_failed'],
  ['cancelled', undefined],
  ['error', undefined],
]);

/** Before a parcel arrives, these details say more than its status. */
const delays: readonly (string | undefined)[] = ['delayed', 'weather_delay'];
const beforeArrival: readonly string[] = ['pre_transit', 'in_transit', 'out_for_delivery'];

/** https://docs.easypost.com/docs/events — the fields that the bridge reads. */
const event = z.object({
  id: senderId,
  description: absent(z.string()),
  mode: absent(z.string()),
  result: absent(
    z.object({
      tracking_code: detail(line),
      status: absent(z.string()),
      status_detail: text,
      carrier: text,
      public_url: webAddress,
      est_delivery_date: dayOf,
      is_return: detail(z.boolean()),
      updated_at: detail(instant),
      tracking_details: details(z.object({ datetime: instant })),
    }),
  ),
});

type Tracker = NonNullable<z.output<typeof event>['result']>;

const statusOf = ({ status = '', status_detail }: Tracker): string | undefined =>
  beforeArrival.includes(status) && delays.includes(status_detail) ? 'delayed' : statuses.get(status);

/** When the newest thing happened to a parcel, in milliseconds since 1970. */
const timeOf = ({ tracking_details, updated_at }: Tracker): number | undefined =>
  tracking_details.length > 0 ? Math.max(...tracking_details.map(({ datetime }) => datetime)) : updated_at;

const prefix = 'hmac-sha256-hex=';

/** EasyPost uses a secret as the key in this form of Unicode, in which an `é` is two characters. */
const keyOf = (secret: string): string => secret.normalize('NFKD');

/** EasyPost's trackers. It signs only if the webhook was given a secret. */
export const easypost: Source = {
  sign: ({ body, secret }) => ({
    'x-hmac-signature': `${prefix}${hmacOf(keyOf(secret), [body]).toString('hex')}`,
  }),

  refusal: ({ headers, body }, secrets) => {
    const header = headers['x-hmac-signature'];
    const signature = header?.startsWith(prefix) === false ? 'of another kind' : header?.slice(prefix.length);
    return bodyRefusal(body, signature, secrets.map(keyOf), 'hex');
  },

  read: ({ body }, now) => {
    const { id, description = '', mode, result } = parse(event, jsonIn(body), 'The webhook');
    if (description !== 'tracker.created' && description !== 'tracker.updated')
      return ignored(`unknown event: ${quoted(description)}`);
    if (mode === 'test') return ignored('an event of the test mode');
    if (result?.status === undefined) return ignored('the body contains no tracker');
    if (result.is_return === true) return ignored('the parcel comes from the customer');
    const status = statusOf(result);
    if (status === undefined) return unsaid(result.status, statuses.has(result.status));
    const occurredAt = timeOf(result);
    if (occurredAt === undefined) return ignored('the body contains no time');
    const { tracking_code: trackingNumber } = result;
    if (trackingNumber === undefined) return ignored('the tracker has no tracking code');
    const news = {
      trackingNumber,
      status,
      occurredAt,
      carrier: result.carrier,
      trackingUrl: result.public_url,
      estimatedDelivery: result.est_delivery_date,
    };
    return {
      kind: 'events',
      events: [parcelEvent('easypost', news, now, id === undefined ? id : `easypost:${id}`)],
    };
  },

  accepted: 200,
};
