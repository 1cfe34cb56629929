/**
 * The contract of the events that the bridge consumes. Each is an EventBridge event whose detail is `{ metadata, data
 * }`. Its detail-type determines the schema of the data.
 */
import * as z from 'zod/mini';
import { InvalidInput, parse } from '../runtime/parse.ts';
import {
  absent,
  addressable,
  amount,
  chatText,
  day,
  envelopeTime,
  hasOneSender,
  instant,
  line,
  ownReference,
  shopId,
} from './fields.ts';

/** Who the message is for: a visitor of the chat, or a customer of the shop, whose id determines the visitor's id. */
const addressee = { visitorId: absent(line), customerId: absent(shopId) };

/** Who Brevo shows as the sender of the message. */
const sender = { agentId: absent(line), groupId: absent(line) };

/** One text for every locale, or one text for each locale. `locale` is the visitor's. */
const wording = {
  text: absent(chatText),
  texts: absent(
    z
      .record(z.string(), chatText)
      .check(z.refine((texts) => Object.keys(texts).length > 0, { error: 'must contain at least one text' })),
  ),
  locale: absent(line),
};

const saysSomething = z.refine<{ text?: unknown; texts?: unknown }>(
  ({ text, texts }) => (text === undefined) !== (texts === undefined),
  {
    error: 'give either text or texts, not both',
    path: ['text'],
    // Runs even if another field is invalid, so that one error names every invalid field.
    when: ({ value }) => typeof value === 'object' && value !== null,
  },
);

const parcel = {
  carrier: absent(line),
  trackingNumber: absent(line),
  trackingUrl: absent(z.url({ protocol: /^https?$/, error: 'expected a web address' })),
  estimatedDelivery: absent(day),
};

const orderStatusChanged = z.object({
  ...addressee,
  orderId: shopId,
  orderNumber: absent(shopId),
  status: line,
  occurredAt: instant,
  shipmentId: absent(shopId),
  refundId: absent(shopId),
  reopens: absent(z.boolean()),
  locale: absent(line),
  currency: absent(
    z.string().check(z.regex(/^[A-Z]{3}$/, { error: 'expected an ISO 4217 code such as EUR' })),
  ),
  total: absent(amount),
  ...parcel,
  items: absent(z.array(z.object({ name: line, quantity: absent(z.number()) }))),
});
export type OrderStatusChanged = z.output<typeof orderStatusChanged>;

/** What a carrier reports: it knows numbers, by which the bridge finds the order. */
const parcelStatusChanged = z.object({
  ...parcel,
  trackingNumber: line,
  orderNumber: absent(shopId),
  /** Counts only if the bridge knows such an order. */
  orderId: absent(shopId),
  status: line,
  occurredAt: instant,
  locale: absent(line),
});
type ParcelStatusChanged = z.output<typeof parcelStatusChanged>;

const announcementPublished = z
  .object({
    announcementId: shopId,
    visitorIds: z.array(line).check(z.minLength(1), z.maxLength(100)),
    ...wording,
    ...sender,
    occurredAt: instant,
    expiresAt: absent(instant),
  })
  .check(saysSomething, hasOneSender);
type AnnouncementPublished = z.output<typeof announcementPublished>;

const noticeRequested = z
  .object({
    reference: ownReference,
    ...addressee,
    ...wording,
    ...sender,
    occurredAt: instant,
    expiresAt: absent(instant),
    priority: absent(z.enum(['high', 'normal', 'low'])),
  })
  .check(saysSomething, hasOneSender);
export type NoticeRequested = z.output<typeof noticeRequested>;

const noticeWithdrawn = z.object({
  reference: line.check(addressable),
  occurredAt: instant,
  unlessReopened: absent(z.boolean()),
});
type NoticeWithdrawn = z.output<typeof noticeWithdrawn>;

/**
 * A message sent by the bridge that Brevo reports as part of a conversation. Its text is not trimmed, because it is
 * compared with the text that was sent.
 */
const messageSeen = z.object({ visitorId: line, messageId: line, text: z.string() });
type MessageSeen = z.output<typeof messageSeen>;

const metadata = z.object({
  id: line,
  timestamp: instant,
  version: absent(shopId),
  domain: absent(line),
  service: absent(line),
  type: absent(line),
});
type Metadata = z.output<typeof metadata>;

const eventWith = <Data extends z.core.$ZodType>(data: Data) =>
  z.object({ time: instant, detail: z.object({ metadata, data }) });

export const events = {
  'order.status_changed': eventWith(orderStatusChanged),
  'parcel.status_changed': eventWith(parcelStatusChanged),
  'announcement.published': eventWith(announcementPublished),
  'notice.requested': eventWith(noticeRequested),
  'notice.withdrawn': eventWith(noticeWithdrawn),
  'message.seen': eventWith(messageSeen),
};

type Sent = Exclude<keyof typeof events, 'message.seen'>;

/** An event as a system of the shop writes it: its type, and its data in JSON. */
export type EventInput = {
  [Type in Sent]: { type: Type; data: z.input<(typeof events)[Type]>['detail']['data'] };
}[Sent];

const anyEvent = z.object({
  'detail-type': z.enum([
    'order.status_changed',
    'parcel.status_changed',
    'announcement.published',
    'notice.requested',
    'notice.withdrawn',
    'message.seen',
  ]),
});

/** A valid event that the bridge acts on. */
export type ShopEvent = { metadata: Metadata } & (
  | { type: 'order.status_changed'; data: OrderStatusChanged }
  | { type: 'parcel.status_changed'; data: ParcelStatusChanged }
  | { type: 'announcement.published'; data: AnnouncementPublished }
  | { type: 'notice.requested'; data: NoticeRequested }
  | { type: 'notice.withdrawn'; data: NoticeWithdrawn }
  | { type: 'message.seen'; data: MessageSeen }
);

export type OrderEvent = Extract<ShopEvent, { type: 'order.status_changed' }>;
export type ParcelEvent = Extract<ShopEvent, { type: 'parcel.status_changed' }>;

/** A status of an order or a parcel that is neither built-in, nor the shop's own, nor in the statusMap. */
export class UnknownStatus extends InvalidInput {
  readonly status: string;
  /** The sender of a webhook, or a partner, cannot do anything about it. Any other sender is a system of the shop's. */
  readonly isFromWebhook: boolean;

  constructor(
    status: string,
    { type, known, isFromWebhook }: { type: string; known: readonly string[]; isFromWebhook: boolean },
  ) {
    const message = `'${status}' is not one of ${known.join(', ')}, and not in the statusMap of bridge.config.ts`;
    super(`The event ${type}`, [{ path: ['detail', 'data', 'status'], message }]);
    this.status = status;
    this.isFromWebhook = isFromWebhook;
  }
}

/** The event, with `occurredAt` limited to the time at which the event was created. */
const believed = <Data extends { occurredAt: number }>({
  time,
  detail,
}: {
  time: number;
  detail: { metadata: Metadata; data: Data };
}) => {
  const { metadata, data } = detail;
  const made = envelopeTime(metadata.timestamp, time);
  return { metadata, data: data.occurredAt > made ? { ...data, occurredAt: made } : data };
};

/**
 * Reads an event as EventBridge delivers it.
 *
 * Nothing can occur after its event was created. A later `occurredAt` is replaced with the envelope's time
 * (`metadata.timestamp`), which is the same for every delivery of the event.
 * @throws {InvalidInput} naming every invalid field, including an unknown detail-type
 */
export const readEvent = (value: unknown): ShopEvent => {
  const { 'detail-type': type } = parse(anyEvent, value, 'The event');
  const what = `The event ${type}`;
  switch (type) {
    case 'order.status_changed':
      return { type, ...believed(parse(events[type], value, what)) };
    case 'parcel.status_changed':
      return { type, ...believed(parse(events[type], value, what)) };
    case 'announcement.published':
      return { type, ...believed(parse(events[type], value, what)) };
    case 'notice.requested':
      return { type, ...believed(parse(events[type], value, what)) };
    case 'notice.withdrawn':
      return { type, ...believed(parse(events[type], value, what)) };
    case 'message.seen':
      return { type, ...parse(events[type], value, what).detail };
  }
};
