/** The events of the bus as EventBridge's schema registry takes them. */
import * as z from 'zod/mini';
import { events } from '../lib/bus/events.ts';

const time = z.iso.datetime();

const metadata = z.object({
  /** The same whenever the same event is published again. */
  id: z.string(),
  version: z.string(),
  timestamp: time,
  domain: z.string(),
  service: z.string(),
  type: z.string(),
});

const about = {
  /** Names the notice: `order:1001`, `announcement:spring:<visitorId>`, or a caller's own. */
  reference: z.string(),
  /** Counts the changes of the notice. */
  revision: z.int(),
  /** The order's; a notice without statuses has none. */
  status: z.optional(z.string()),
  visitorId: z.optional(z.string()),
};
const messageId = z.string();
const reason = z.string();

const conversation = { conversationId: z.string(), visitorId: z.string() };

const eventWith = <Data extends z.core.$ZodType>(data: Data) => z.object({ metadata, data });

/** The contract of the events that the bridge puts on the bus for other systems: the detail of each by its detail-type. */
export const outgoing = {
  'message.pushed': eventWith(z.object({ ...about, messageId })),
  'message.updated': eventWith(z.object({ ...about, messageId })),
  'message.deleted': eventWith(z.object({ ...about, messageId })),
  'message.refused': eventWith(z.object({ ...about, messageId: z.optional(messageId), reason })),
  'message.outcome_unknown': eventWith(z.object({ ...about, reason })),
  'message.expired': eventWith(z.object(about)),
  'visitor.erased': eventWith(
    z.object({
      visitorId: z.string(),
      /** Notices that were removed. */
      erased: z.int().check(z.nonnegative()),
      /** Messages that may be in the chat, and that nobody can delete by id. */
      unreachable: z.int().check(z.nonnegative()),
    }),
  ),
  'conversation.started': eventWith(
    z.object({
      ...conversation,
      /** Without what follows the page's path. */
      startPage: z.optional(z.url()),
      isNoAvailableAgent: z.optional(z.boolean()),
      /** Where the visitor writes, such as `widget`. */
      source: z.optional(z.string()),
    }),
  ),
  'conversation.message_received': eventWith(
    z.object({
      ...conversation,
      messageId,
      /** `visitor` or `agent`. */
      type: z.optional(z.string()),
      /** Missing from a message that is a file alone. */
      text: z.optional(z.string()),
      agentId: z.optional(z.string()),
      createdAt: z.optional(time),
    }),
  ),
  'conversation.ended': eventWith(
    z.object({ ...conversation, missedMessagesCount: z.optional(z.int().check(z.nonnegative())) }),
  ),
};

/** Whose events the samples are; the bridge takes them from any source but its own. */
const shop = 'shop.orders';
const bridge = 'conversations-bridge';

type Detail = z.ZodMiniObject<{ metadata: z.core.$ZodType; data: z.core.$ZodType }>;

const incoming = {
  'order.status_changed': events['order.status_changed'].shape.detail,
  'parcel.status_changed': events['parcel.status_changed'].shape.detail,
  'announcement.published': events['announcement.published'].shape.detail,
  'notice.requested': events['notice.requested'].shape.detail,
  'notice.withdrawn': events['notice.withdrawn'].shape.detail,
};

const text = { type: 'string' };

/**
 * A schema as OpenAPI 3.0 writes it. Two things are left out: null, which the bridge takes for a field that is missing,
 * but promises nobody; and zod's patterns of times, which say no more than the format.
 */
const schemaOf = (schema: z.core.$ZodType): object =>
  z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    // What is to be sent. Fields may come to it, so that unknown ones are not refused.
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      Reflect.deleteProperty(jsonSchema, 'nullable');
      if (jsonSchema.format === 'date' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });

const titleOf = (type: string): string =>
  type
    .split(/[._]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

const referTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/**
 * The whole event, envelope included, in the form of the schemas that EventBridge makes by itself: code bindings and
 * `sam init` look for `AWSEvent`, and follow its detail.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schemas-infer-from-json.html
 */
const documentOf = (type: string, source: string, { shape }: Detail): object => {
  const title = titleOf(type);
  return {
    openapi: '3.0.0',
    info: { version: '1.0.0', title },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: 'object',
          required: [
            'detail-type',
            'resources',
            'detail',
            'id',
            'source',
            'time',
            'region',
            'version',
            'account',
          ],
          'x-amazon-events-detail-type': type,
          'x-amazon-events-source': source,
          properties: {
            detail: referTo(title),
            account: text,
            'detail-type': { type: 'string', enum: [type] },
            id: text,
            region: text,
            resources: { type: 'array', items: text },
            source: text,
            time: { type: 'string', format: 'date-time' },
            version: text,
          },
        },
        [title]: {
          type: 'object',
          required: ['metadata', 'data'],
          properties: { metadata: referTo('Metadata'), data: referTo('Data') },
        },
        Metadata: schemaOf(shape.metadata),
        Data: schemaOf(shape.data),
      },
    },
  };
};

/** The document of each event by its detail-type. */
export const schemaDocuments = (): Map<string, object> => {
  const documents = (source: string, details: Record<string, Detail>) =>
    Object.entries(details).map(([type, detail]) => [type, documentOf(type, source, detail)] as const);
  return new Map([...documents(shop, incoming), ...documents(bridge, outgoing)]);
};
