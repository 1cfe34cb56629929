/** The contract of the events that the bridge puts on the bus for other systems. */
import * as z from 'zod/mini';

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
  /** Counts the changes of what the visitor should be told. */
  revision: z.int(),
  /** The order's; a notice without statuses has none. */
  status: z.optional(z.string()),
  visitorId: z.optional(z.string()),
};
const messageId = z.string();
const reason = z.string();

const conversation = { conversationId: z.string(), visitorId: z.string() };

const eventWith = <Data extends z.core.$ZodType>(data: Data) => z.object({ metadata, data });

/** The detail of each event by its detail-type. */
export const outgoing = {
  'message.pushed': eventWith(z.object({ ...about, messageId })),
  'message.updated': eventWith(z.object({ ...about, messageId })),
  'message.deleted': eventWith(z.object({ ...about, messageId })),
  'message.refused': eventWith(z.object({ ...about, messageId: z.optional(messageId), reason })),
  'message.outcome_unknown': eventWith(z.object({ ...about, reason })),
  'message.expired': eventWith(z.object(about)),
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
