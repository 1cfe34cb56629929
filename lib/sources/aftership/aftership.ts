import * as z from 'zod/mini';
import { absent, instant, line, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { dayOf, detail, senderId, text, unixTime, webAddress } from '../fields.ts';
import { parcelEvent } from '../order-news.ts';
import { bodyRefusal, hmacOf } from '../signature.ts';
import type { Source } from '../source.ts';
import { ignored, jsonIn, quoted, unsaid } from '../source.ts';
import { statusOf } from './tags.ts';

/** A time without a zone is undefined. */
const checkpoint = z.object({ checkpoint_time: detail(instant) });

/** https://www.aftership.com/docs/tracking/webhook/webhook-overview — the fields that the bridge reads. */
const webhook = z.object({
  event: absent(z.string()),
  event_id: senderId,
  ts: unixTime,
  msg: absent(
    z.object({
      tracking_number: detail(line),
      order_id: detail(shopId),
      order_number: detail(shopId),
      slug: text,
      tag: text,
      subtag: text,
      courier_tracking_link: webAddress,
      language: text,
      latest_estimated_delivery: detail(z.object({ datetime: dayOf })),
      checkpoints: z.catch(z.array(checkpoint), []),
    }),
  ),
});

type Message = NonNullable<z.output<typeof webhook>['msg']>;

/** When the newest checkpoint was passed; undefined if one has no zone, as it could be the newest. */
const newestOf = ({ checkpoints }: Message): number | undefined => {
  const times = checkpoints.map(({ checkpoint_time }) => checkpoint_time ?? Number.NaN);
  const newest = Math.max(...times);
  return Number.isFinite(newest) ? newest : undefined;
};

/** AfterShip Tracking. Its other products sign in other headers. */
export const aftership: Source = {
  sign: ({ body, secret }) => ({ 'aftership-hmac-sha256': hmacOf(secret, [body]).toString('base64') }),

  refusal: ({ headers, body }, secrets) => bodyRefusal(body, headers['aftership-hmac-sha256'], secrets),

  read: ({ body }, now) => {
    const { event, event_id: id, ts, msg } = parse(webhook, jsonIn(body), 'The webhook');
    if (event !== 'tracking_update') return ignored(`unknown event: ${quoted(event)}`);
    if (msg?.tag === undefined) return ignored('the body contains no tracking');
    const { status, name, isKnown } = statusOf(msg.tag, msg.subtag);
    if (status === undefined) return unsaid(name, isKnown);
    const occurredAt = newestOf(msg) ?? ts;
    if (occurredAt === undefined) return ignored('the body contains no time');
    const { tracking_number: trackingNumber } = msg;
    if (trackingNumber === undefined) return ignored('the tracking has no number');
    const news = {
      trackingNumber,
      orderNumber: msg.order_number,
      orderId: msg.order_id,
      status,
      occurredAt,
      carrier: msg.slug,
      trackingUrl: msg.courier_tracking_link,
      estimatedDelivery: msg.latest_estimated_delivery?.datetime,
      locale: msg.language,
    };
    return {
      kind: 'events',
      events: [parcelEvent('aftership', news, now, id === undefined ? id : `aftership:${id}`)],
    };
  },

  accepted: 200,
};
