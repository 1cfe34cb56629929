import * as z from 'zod/mini';
import { ownOrigin } from '../../brevo/schemas.ts';
import { envelopeTime, line } from '../../bus/fields.ts';
import type { OutgoingEvent } from '../../bus/publisher.ts';
import { parse } from '../../runtime/parse.ts';
import { detail, details, text } from '../fields.ts';
import { quoted } from '../source.ts';

/** So short that the ids of events, which are made of them, stay within theirs. */
const brevoId = line.check(z.maxLength(100));

/** Nobody's name, address or attributes are read, so that none can go on. */
const message = z.object({
  id: brevoId,
  type: text,
  // As it is, since it is to be compared with what was sent.
  text: detail(z.string().check(z.regex(/\S/))),
  visitorId: text,
  agentId: text,
  createdAt: detail(z.int().check(z.gte(0), z.lte(253_402_300_799_999))), // The year 9999 is the last with four digits.
  isPushed: detail(z.boolean()),
  receivedFrom: text,
});
type Message = z.output<typeof message>;

/** https://developers.brevo.com/docs/conversations-webhooks — any of it may be missing. */
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
 * What a webhook of Brevo Conversations says: that a conversation started or ended, what was written in it, and which of
 * the bridge's own messages are in it (`message.seen`, which settles posts whose outcome is not known). A message comes
 * again with the transcript, as the same event.
 * @param now milliseconds since 1970, where the webhook does not say when
 * @returns the events, or why there are none
 */
export const conversationEvents = (body: unknown, now: number): OutgoingEvent[] | string => {
  const read = parse(conversation, body, 'The webhook');
  if (read === null) return 'no conversation in it';
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
  events.length > 0 ? events : 'no conversation in it';

/**
 * The start or end of a conversation. Brevo goes on using the conversation's id when the same visitor comes back, so that
 * only the message at which it starts or ends distinguishes one time from another.
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
    // Missing from a message that is a file alone.
    text,
    agentId,
    createdAt: createdAt === undefined ? undefined : new Date(createdAt).toISOString(),
  };
  const received = 'conversation.message_received';
  return { type: received, id: `${received}:${messageId}`, at, data };
};

/** The page alone: what follows it may hold an e-mail address. */
const pageOf = (link: string | undefined): string | undefined => {
  const page = URL.parse(link ?? '');
  return page === null || page.origin === 'null' ? undefined : page.origin + page.pathname;
};
