import { createHmac } from 'node:crypto';
import {
  type NoticeRequested,
  type OrderEvent,
  type OrderStatusChanged,
  type ParcelEvent,
  type ShopEvent,
  UnknownStatus,
} from '../bus/events.ts';
import { announcementReference, orderReference } from '../bus/reference.ts';
import type { Config } from '../config/config.ts';
import type { Request } from '../notices/ingest.ts';
import { contentOf, precedenceOf } from '../notices/precedence.ts';
import type { Incoming } from '../notices/record.ts';
import { type OrderDetails, orderDetails } from '../texts/order.ts';
import { orderStatusOf, type Subject, statusesWith } from '../texts/order-status.ts';
import { announcementText, orderText } from '../texts/order-text.ts';
import { accountOf, isSparse, type Named } from './facts.ts';

/**
 * The visitor id of a customer in the chat: `hex(HMAC-SHA256(secret, customerId))`. Anyone who knows the id can read
 * the conversation, so it must not be guessable. The shop's pages compute the same value and pass it to the widget as
 * `BrevoConversationsSetup.visitorId`.
 */
export const visitorIdOf = (secret: string, customerId: string): string =>
  createHmac('sha256', secret).update(customerId).digest('hex');

export interface MappingOptions {
  config: Config;
  /** The visitor id of a customer of the shop. */
  visitorIdOf: (customerId: string) => string;
}

const priorities = { high: 1, normal: 2, low: 3 } as const;

/** An event of an order, by the shop or, once its order was found, by a carrier. */
export type LocatedEvent = OrderEvent & {
  /** What a carrier says about the order and the parcel. The shop knows better. */
  hearsay?: Named;
};

/** The event of a carrier as one of its order. Without `shipmentId`, it is told in the order's own notice. */
export const locatedAt = (
  { metadata, data: { status, occurredAt, estimatedDelivery, ...hearsay } }: ParcelEvent,
  at: { orderId: string; shipmentId: string | undefined },
): LocatedEvent => ({
  type: 'order.status_changed',
  metadata,
  data: { status, occurredAt, estimatedDelivery, ...at },
  hearsay,
});

/**
 * The requests that an event makes, with texts and settings from the configuration.
 * @throws {UnknownStatus} for an order status that is neither known nor mapped
 * @throws {InvalidInput} for ids that are too long
 */
export const mapEvent =
  (options: MappingOptions) =>
  (event: Exclude<ShopEvent, OrderEvent | ParcelEvent> | LocatedEvent): Request[] => {
    const { config } = options;
    switch (event.type) {
      case 'order.status_changed':
        return orderRequests(event, options);
      case 'announcement.published': {
        const { data } = event;
        return data.visitorIds.map((visitorId) => {
          const reference = announcementReference(data.announcementId, visitorId);
          const priority = config.priority.announcements;
          return { kind: 'desire', incoming: incomingText(config, data, { reference, visitorId, priority }) };
        });
      }
      case 'notice.requested': {
        const { data } = event;
        const { reference, priority = config.priority.default } = data;
        const visitorId = visitorOf(data, options);
        return [{ kind: 'desire', incoming: incomingText(config, data, { reference, visitorId, priority }) }];
      }
      case 'notice.withdrawn':
        return [{ kind: 'withdraw', ...event.data }];
      case 'message.seen':
        return [{ kind: 'seen', ...event.data }];
    }
  };

const orderRequests = (event: LocatedEvent, options: MappingOptions): Request[] => {
  const { config } = options;
  const { data: order } = event;
  const visitorId = visitorOf(order, options);
  const { status, rank, about } = statusOf(event, config);
  const missing = new Set<string>();
  // Nobody has paid for an order that costs nothing.
  const isFree = status === 'paid' && order.total === 0;
  const text = isFree ? undefined : orderText(config, { ...order, status }, (field) => missing.add(field));
  const { part, ...subject } = subjectOf(order, about);
  const account = accountOf({ ...order, status }, part, config, event.hearsay);
  // A status without a text is still recorded if it reopens the order. Otherwise, the ranks from before would still
  // apply.
  if (text === undefined && order.reopens !== true) {
    const known = subject.order ?? subject.reference;
    const { occurredAt } = order;
    return [{ ...account, kind: 'identify', order: known, visitorId, occurredAt, learn: account.learnOrder }];
  }
  const { agentId, groupId } = config.sender;
  const content = contentOf(text, agentId, groupId);
  return [
    {
      kind: 'desire',
      incoming: {
        ...subject,
        visitorId,
        ...account,
        reopens: order.reopens ?? false,
        desired: {
          status,
          text,
          ...config.sender,
          policy: config.policy[status] ?? config.policy.default,
          priority: priorities[config.priority[status] ?? config.priority.default],
          occurredAt: order.occurredAt,
          postBy: freshUntil(order.occurredAt, config),
          precedence: precedenceOf(rank, order.occurredAt, content),
          content,
          ...(isSparse(order, missing, about) && { said: storable(order) }),
        },
      },
    },
  ];
};

/** An item of the database holds 400 KB, and nobody reads a longer list in a chat. */
const mostItems = 100;

const storable = (order: OrderStatusChanged): OrderDetails =>
  orderDetails.parse({ ...order, items: order.items?.slice(0, mostItems) });

/** A desired state that only time ranks against others. */
export const incomingText = (
  config: Config,
  data: Pick<
    NoticeRequested,
    'text' | 'texts' | 'locale' | 'agentId' | 'groupId' | 'occurredAt' | 'expiresAt'
  >,
  to: { reference: string; visitorId: string | undefined; priority: keyof typeof priorities },
): Incoming => {
  const { occurredAt, expiresAt = Number.POSITIVE_INFINITY } = data;
  const text = announcementText(data, data.locale, config.defaultLocale);
  const named = data.agentId !== undefined || data.groupId !== undefined;
  const { agentId, groupId } = named ? data : config.sender;
  const content = contentOf(text, agentId, groupId);
  return {
    reference: to.reference,
    visitorId: to.visitorId,
    reopens: false,
    desired: {
      status: '',
      text,
      agentId,
      groupId,
      policy: config.policy.default,
      priority: priorities[to.priority],
      occurredAt,
      postBy: Math.min(freshUntil(occurredAt, config), expiresAt),
      precedence: precedenceOf(0, occurredAt, content),
      content,
    },
  };
};

/** When an event is too old for a new message. Milliseconds since 1970. */
export const freshUntil = (occurredAt: number, { freshnessHours }: Config): number =>
  occurredAt + freshnessHours * 3_600_000;

const visitorOf = (
  { visitorId, customerId }: { visitorId?: string | undefined; customerId?: string | undefined },
  { visitorIdOf }: MappingOptions,
): string | undefined => visitorId ?? (customerId === undefined ? undefined : visitorIdOf(customerId));

/**
 * The meaning of an event's status.
 * @throws {UnknownStatus}
 */
export const statusOf = ({ type, metadata, data: { status } }: OrderEvent | ParcelEvent, config: Config) => {
  const known = orderStatusOf(status, config);
  if (known !== undefined) return known;
  throw new UnknownStatus(status, {
    type,
    known: Object.keys(statusesWith(config.statuses)),
    isFromWebhook: /^(webhooks|partners)\./.test(metadata.service ?? ''),
  });
};

/** The notice that an event is about, and the order it belongs to if that is another notice. */
const subjectOf = (
  { orderId, shipmentId, refundId }: OrderStatusChanged,
  about: Subject,
): { part: Subject; reference: string; order?: string } => {
  const order = orderReference(orderId);
  const id = { order: undefined, shipment: shipmentId, refund: refundId }[about];
  return id === undefined
    ? { part: 'order', reference: order }
    : { part: about, reference: orderReference(orderId, { about, id }), order };
};
