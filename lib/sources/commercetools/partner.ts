import * as z from 'zod/mini';
import { parse } from '../../runtime/parse.ts';
import { orderEvent } from '../order-news.ts';
import type { ReadDetail } from '../source.ts';
import { ignored } from '../source.ts';
import { newsOf } from './messages.ts';

/** https://docs.commercetools.com/api/projects/subscriptions#delivery-payloads */
const delivery = z.object({
  notificationType: z.string(),
  payloadNotIncluded: z.optional(z.unknown()),
});

/** A Subscription of commercetools: the detail is a delivery, whose message is about an order. */
export const commercetools: ReadDetail = (detail, now) => {
  const { notificationType, payloadNotIncluded } = parse(delivery, detail, 'The partner event');
  if (notificationType !== 'Message')
    return ignored(
      'not a message: expected once for a new Subscription; if it repeats, subscribe to messages instead of changes',
    );
  if (payloadNotIncluded !== undefined && payloadNotIncluded !== null)
    return ignored(
      'payloadNotIncluded: the message is too large for EventBridge: put an event of your own on the bus for such an order',
    );
  const read = newsOf(detail);
  if (typeof read === 'string') return ignored(read);
  const { id, news } = read;
  return { kind: 'events', events: [orderEvent('commercetools', news, now, id)] };
};
