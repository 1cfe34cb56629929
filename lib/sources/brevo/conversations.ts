import * as z from 'zod/mini';
import { ownOrigin } from '../../brevo/schemas.ts';
import { envelopeTime, line } from '../../bus/fields.ts';
import type { OutgoingEvent } from '../../bus/publisher.ts';
import { parse } from '../../runtime/parse.ts';
import { detail, details, text } from '../fields.ts';
import { quoted } from '../source.ts';

/** Limited, so that event ids made from it stay within their own limit. */
const brevoId = line.check(z.maxLength(100));

/** Names, addresses and attributes of people are not read, so they cannot be passed on. */
const message = z.object({
  id: brevoId,
  type: text,
  // Not trimmed, because it is compared with the text that was sent.
  text: detail(z.string().check(z.regex(/\S/))),
  visitorId: text,
  agentId: text,
  createdAt: detail(z.int().check(z.gte(0), z.lte(253_402_300_799_999))), // The year 9999 is the last with four digits.
  isPushed: detail(z.boolean()),
  receivedFrom: text,
});
type Message = z.output<typeof message>;

/** https://developers.brevo.com/docs/conversations-webhooks — any field may be missing. */
const conversation = z.nullable(
  z.object({
    eventName: text,
    conversationId: detail(brevoId),
    message: detail(message),
    messages: details(message),
    visitor: detail(z.object({ id: text, source: text })),
    conversationStartPage: detail(
      z.union([
        z.string(),
        z.pipe(
          z.object({ link: z.string() }),
          z.transform(({ link }) => link),
        ),
      ]),
    ),
    isNoAvailableAgent: detail(z.boolean()),
    missedMessagesCount: detail(z.int().check(z.gte(0))),
  }),
);
type Conversation = NonNullable<z.output<typeof conversation>>;

/**
 * The events of a Brevo Conversations webhook: the start or end of a conversation, the messages received in it, and
 * the bridge's own messages in it (`message.seen`, which settles posts of unknown outcome). The transcript repeats
 * each message as the same event.
 * @param now milliseconds since 1970, used if the webhook does not give a time
 * @returns the events, or why there are none
 */
export const conversationEvents = (body: unknown, now: number): OutgoingEvent[] | string => {
  const read = parse(conversation, body, 'The webhook');
  if (read === null) return 'the body contains no conversation';
  const { eventName, visitor, messages } = read;
  const all = read.message === undefined ? messages : [read.message, ...messages];
  const written = all.flatMap((each) => messageEvent(each, read, now) ?? []);
  switch (eventName) {
    case 'conversationStarted':
      return orNothing([
        ...turn('conversation.started', all[0], read, now, {
          startPage: pageOf(read.conversationStartPage),
          isNoAvailableAgent: read.isNoAvailableAgent,
          source: visitor?.source,
        }),
        ...written,
      ]);
    case 'conversationFragment':
      return orNothing(written);
    case 'conversationTranscript':
      return orNothing([
        ...written,
        ...turn('conversation.ended', all.at(-1), read, now, {
          missedMessagesCount: read.missedMessagesCount,
        }),
      ]);
    default:
      return `unknown event: ${quoted(eventName)}`;
  }
};

const orNothing = (events: OutgoingEvent[]): OutgoingEvent[] | string =>
  events.length > 0 ? events : 'the body contains no conversation';

/**
 * The start or end of a conversation. Brevo reuses a conversation's id when the same visitor returns, so the id of
 * the event includes the first or last message.
 */
const turn = (
  type: string,
  at: Message | undefined,
  { conversationId, visitor }: Conversation,
  now: number,
  more: object,
): OutgoingEvent[] => {
  if (conversationId === undefined || visitor?.id === undefined) return [];
  const id = [type, conversationId, at?.id].filter((part) => part !== undefined).join(':');
  const data = { conversationId, visitorId: visitor.id, ...more };
  return [{ type, id, at: envelopeTime(at?.createdAt ?? now, now), data }];
};

const messageEvent = (
  { id: messageId, text, createdAt, ...message }: Message,
  { conversationId, visitor }: Conversation,
  now: number,
): OutgoingEvent | undefined => {
  const visitorId = visitor?.id ?? message.visitorId;
  const at = envelopeTime(createdAt ?? now, now);
  if (visitorId === undefined) return undefined;
  if (message.isPushed === true || message.receivedFrom === ownOrigin) {
    if (text === undefined) return undefined;
    return {
      type: 'message.seen',
      id: `message.seen:${messageId}`,
      at,
      data: { visitorId, messageId, text },
    };
  }
  if (conversationId === undefined) return undefined;
  const { type, agentId } = message;
  const data = {
    conversationId,
    visitorId,
    messageId,
    type,
    // Missing if the message is only a file.
    text,
    agentId,
    createdAt: createdAt === undefined ? undefined : new Date(createdAt).toISOString(),
  };
  const received = 'conversation.message_received';
  return { type: received, id: `${received}:${messageId}`, at, data };
};

/** The page without its query and fragment, which may contain an e-mail address. */
const pageOf = (link: string | undefined): string | undefined => {
  const page = URL.parse(link ?? '');
  return page === null || page.origin === 'null' ? undefined : page.origin + page.pathname;
};
