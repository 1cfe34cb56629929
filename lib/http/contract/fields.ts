import * as z from 'zod/mini';
import { message as brevoMessage, messageId } from '../../brevo/schemas.ts';
import { addressable, line, longestReference, wellFormed } from '../../bus/fields.ts';
import { logEntry, noticeStates } from '../../notices/notice.ts';
import type { ProblemKind } from './problem.ts';

/** The database limits the length of keys. */
const fitsKey = z.refine<string>((text) => Buffer.byteLength(text) <= longestReference, {
  error: 'is too long',
});

/** A key to look up, as it is given: it is not trimmed. */
const lookup = z.string().check(z.minLength(1), wellFormed, fitsKey);

export const reference = z.object({ reference: lookup.check(addressable) });

export const messageIdField = messageId.check(fitsKey);

export const message = z.object({ id: messageIdField });

/** Who Brevo shows as the sender of a message. */
export const sender = { agentId: z.optional(line), groupId: z.optional(line) };

/** A pushed message as the API returns it: Brevo's message, and the reference of its notice. */
export const pushedMessage = z.extend(brevoMessage, { reference: z.optional(z.string()) });

export const agentMessage = brevoMessage;

const time = z.iso.datetime();

/**
 * A notice as the API returns it: what should be in the chat, what is known to be there, and what is still to be
 * done.
 */
export const notice = z.object({
  reference: z.string(),
  state: z.enum(noticeStates),
  visitorId: z.optional(z.string()),
  revision: z.int(),
  status: z.optional(z.string()),
  text: z.optional(z.string()),
  agentId: z.optional(z.string()),
  groupId: z.optional(z.string()),
  occurredAt: z.optional(time),
  messages: z.array(z.string()),
  newestMessageId: z.optional(z.string()),
  pendingDeletes: z.array(z.string()),
  unreachable: z.int(),
  attempts: z.int(),
  dueAt: z.optional(time),
  reason: z.optional(z.string()),
  /** The last things that happened, oldest first. */
  log: z.array(z.extend(logEntry, { at: time })),
});
export type NoticeView = z.output<typeof notice>;

export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.optional(
    z.array(
      z.object({ detail: z.string(), pointer: z.optional(z.string()), parameter: z.optional(z.string()) }),
    ),
  ),
  brevo: z.optional(
    z.object({ status: z.optional(z.int()), code: z.optional(z.string()), message: z.optional(z.string()) }),
  ),
  reference: z.optional(z.string()),
});

export const noticeExample = {
  reference: 'back-in-stock:4711',
  state: 'pending',
  visitorId: 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg',
  revision: 1,
  text: 'The blue mug is back in stock.',
  occurredAt: '2026-03-02T12:00:00.000Z',
  messages: [],
  pendingDeletes: [],
  unreachable: 0,
  attempts: 0,
  dueAt: '2026-03-02T12:00:00.000Z',
  log: [{ at: '2026-03-02T12:00:00.000Z', what: 'accepted' }],
};

export const messageExample = {
  id: 'kfrPkPcBT2vTbmHM9',
  type: 'agent',
  text: 'The blue mug is back in stock.',
  visitorId: 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg',
  agentId: 'd9nKoegKSjmCtyK78',
  createdAt: 1772452800000,
  isPushed: true,
};

/** The response if the change has to wait for the request budget. */
export const waits = {
  description:
    'Accepted. The change is made as soon as the request budget allows; `Retry-After` says when to check again.',
  schema: notice,
  example: noticeExample,
  headers: { 'retry-after': 'Seconds' },
};

/** The problems of operations that call Brevo directly. */
export const problemsOfBrevo = [
  'brevo-refused',
  'out-of-budget',
  'brevo-failed',
  'brevo-silent',
] as const satisfies ProblemKind[];
