import { createHmac } from 'node:crypto';
import type { NoticeRequested, OrderStatusChanged, ShopEvent } from '../bus/events.ts';
import type { Config } from '../config/config.ts';
import type { Request } from '../notices/ingest.ts';
import { longestReference } from '../notices/notice.ts';
import { contentOf, precedenceOf } from '../notices/precedence.ts';
import type { Incoming } from '../notices/record.ts';
import { InvalidInput } from '../runtime/parse.ts';
import { orderDetails } from '../texts/order.ts';
import { type OrderStatus, orderStatuses, orderStatusOf, statusFacts } from '../texts/order-status.ts';
import { announcementText, orderText } from '../texts/order-text.ts';
import { accountOf, isSparse } from './facts.ts';

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

/**
 * The requests that an event makes, with texts and settings from the configuration.
 * @throws {InvalidInput} for an order status that is neither known nor mapped, or for ids that are too long
 */
export const mapEvent =
  (options: MappingOptions) =>
  (event: ShopEvent): Request[] => {
    const { config } = options;
    switch (event.type) {
      case 'order.status_changed':
        return orderRequests(event.data, options);
      case 'announcement.published': {
        const { data } = event;
        return data.visitorIds.map((visitorId) => {
          const reference = fitting(`announcement:${segment(data.announcementId)}:${visitorId}`);
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

const orderRequests = (order: OrderStatusChanged, options: MappingOptions): Request[] => {
  const { config } = options;
  const visitorId = visitorOf(order, options);
  const status = statusOf(order, config);
  const missing = new Set<string>();
  const text = orderText(config, { ...order, status }, (field) => missing.add(field));
  const { part, ...subject } = subjectOf(order, status);
  const account = accountOf(order, part, config);
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
          precedence: precedenceOf(statusFacts[status].rank, order.occurredAt, content),
          content,
          ...(isSparse(order, missing, statusFacts[status]) && { said: orderDetails.parse(order) }),
        },
      },
    },
  ];
};

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

const freshUntil = (occurredAt: number, { freshnessHours }: Config): number =>
  occurredAt + freshnessHours * 3_600_000;

const visitorOf = (
  { visitorId, customerId }: { visitorId?: string | undefined; customerId?: string | undefined },
  { visitorIdOf }: MappingOptions,
): string | undefined => visitorId ?? (customerId === undefined ? undefined : visitorIdOf(customerId));

const statusOf = ({ status }: OrderStatusChanged, { statusMap }: Config): OrderStatus => {
  const known = orderStatusOf(status, statusMap);
  if (known !== undefined) return known;
  const message = `'${status}' is not one of ${orderStatuses.join(', ')}, and not in the statusMap of bridge.config.ts`;
  throw new InvalidInput('The event order.status_changed', [{ path: ['detail', 'data', 'status'], message }]);
};

/** The notice that a status is about, and the order it belongs to if that is another notice. */
const subjectOf = (
  { orderId, shipmentId, refundId }: OrderStatusChanged,
  status: OrderStatus,
): { part: 'order' | 'shipment' | 'refund'; reference: string; order?: string } => {
  const order = fitting(`order:${segment(orderId)}`);
  const { about } = statusFacts[status];
  const id = { order: undefined, shipment: shipmentId, refund: refundId }[about];
  return id === undefined
    ? { part: 'order', reference: order }
    : { part: about, reference: fitting(`${order}/${about}:${segment(id)}`), order };
};

/** @throws {InvalidInput} if the ids that the reference consists of are too long together to be stored under it */
const fitting = (reference: string): string => {
  if (Buffer.byteLength(reference) <= longestReference) return reference;
  const message = `the ids are longer than ${longestReference} bytes together: ${reference.slice(0, 100)}…`;
  throw new InvalidInput('The event', [{ path: ['detail', 'data'], message }]);
};

/** Escapes the separators of a reference, so that no id can be read as part of another reference. */
const segment = (id: string): string => id.replaceAll(/[%/:]/g, encodeURIComponent);
