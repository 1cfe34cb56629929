import * as z from 'zod/mini';
import { orderDetails } from '../texts/order.ts';

const policies = ['append', 'edit', 'replace'] as const;

/** What a visitor should currently see about one subject. */
const desired = z.object({
  /**
   * The status that it is for; empty for a subject without statuses. A changed text within the same status edits the
   * message in place.
   */
  status: z.string(),
  /** Absent if no message of this notice should be in the chat. */
  text: z.optional(z.string()),
  agentId: z.optional(z.string()),
  groupId: z.optional(z.string()),
  /** What happens to the previous message when a new status comes. */
  policy: z.enum(policies),
  /** 1 is the most urgent. */
  priority: z.int().check(z.minimum(1), z.maximum(9)),
  /** Milliseconds since 1970. */
  occurredAt: z.number(),
  /**
   * The time after which it is too late to post the text. Milliseconds since 1970. Edits and deletions have no time
   * limit.
   */
  postBy: z.number(),
  /** Ranks the desired states of a notice when compared as text; see precedence.ts. */
  precedence: z.string(),
  /** Hash of the text and of its sender. */
  content: z.string(),
  /** What its event says, if facts may complete the text. Kept until the visitor is known. */
  said: z.optional(orderDetails),
});
export type Desired = z.output<typeof desired>;

/** A message that may stand in the visitor's chat. */
const message = z.object({
  /** Absent if Brevo never named it: its post has an unknown outcome, or an operator confirmed it without its id. */
  id: z.optional(z.string()),
  /** What it was last known to show; if its post has an unknown outcome, what it would show. */
  text: z.string(),
  /** The status that it was sent for. */
  status: z.string(),
  /** False if it must be deleted. */
  keep: z.boolean(),
  /** Set if the outcome of its post, or of its last edit, is unknown. */
  inDoubt: z.optional(z.literal(true)),
});
export type Message = z.output<typeof message>;

/**
 * A call to Brevo that one worker may be making. Nobody else may call Brevo for the notice until then. Milliseconds
 * since 1970.
 */
const call = z.object({
  /** Identifies the worker. */
  lease: z.string(),
  until: z.number(),
  step: z.enum(['post', 'edit', 'delete']),
  /** Of a post only if it is known before the answer: Brevo's webhook showed the message, or it was deleted by id. */
  messageId: z.optional(z.string()),
  /** What the call is for. */
  desired,
  /** False if the message of a post must be deleted. */
  keep: z.boolean(),
});
export type Call = z.output<typeof call>;

/** What events named about an order or a parcel, by name, and when. Only lib/orders knows what it means. */
const facts = z.record(z.string(), z.object({ value: z.string(), at: z.number() }));
export type Facts = z.output<typeof facts>;

const holdKinds = ['unknown', 'refused', 'expired'] as const;

/** Something that happened to a notice: an outcome of a call, a decision, or a change of what is desired. */
export const logEntry = z.object({ at: z.number(), what: z.string() });

/**
 * A notice: what a visitor should see about one subject, and what is known to be in the chat.
 *
 * The rest of the bridge reads its state with `stateOf`, and the next action with `nextStep`. Both are derived from
 * these fields alone. Times are milliseconds since 1970.
 */
export const noticeSchema = z.object({
  /**
   * Identifies the subject: `order:1001`, `order:1001/shipment:7`, `announcement:spring:<visitorId>`, or a reference
   * chosen by a caller.
   */
  reference: z.string(),
  /** Number of writes to this item. Conditional writes compare it, so that no write overwrites another. */
  version: z._default(z.int(), 0),
  /** Fixed by the first event that names a visitor. */
  visitorId: z.optional(z.string()),
  facts: z._default(facts, {}),
  /** Number of changes to the desired state. */
  revision: z._default(z.int(), 0),
  desired: z.optional(desired),
  /** Events from before this moment are ignored: the order was reopened, its notice withdrawn, or its visitor erased. */
  reopenedAt: z._default(z.number(), 0),
  /**
   * Desired states that occurred later than the current one but have a lower rank. They apply if the order is
   * reopened.
   */
  superseded: z._default(z.array(desired), []),
  /** Oldest first. */
  messages: z._default(z.array(message), []),
  call: z.optional(call),
  /**
   * Why nothing is posted: the outcome of a post is unknown, Brevo refused a step, or it is too late. A newer desired
   * state ends it.
   */
  hold: z.optional(
    z.object({
      kind: z.enum(holdKinds),
      at: z.number(),
      reason: z.string(),
      /** The step that Brevo refused. */
      step: z.optional(call.shape.step),
    }),
  ),
  /** When the notice should next be processed. */
  dueAt: z._default(z.number(), 0),
  /**
   * Cool-down: nothing is sent before this time, so that an earlier call of unknown outcome cannot take effect after
   * the next one.
   */
  cooldownUntil: z._default(z.number(), 0),
  /** Calls in a row that had no effect. */
  attempts: z._default(z.int(), 0),
  lastError: z.optional(z.string()),
  /** The last things that happened, oldest first, without any text. */
  log: z._default(z.array(logEntry), []),
  /** References of this order's notices that wait to learn the visitor from it. */
  waiting: z._default(z.array(z.string()), []),
  /** Hash of the HTTP request that created the notice. */
  request: z.optional(z.string()),
  /**
   * Set while the visitor is being erased: nothing more is sent, and the notice is removed once its messages are
   * deleted.
   */
  erasing: z.optional(z.boolean()),
});
export type Notice = z.output<typeof noticeSchema>;

/** The notice for a reference under which nothing is stored yet. */
export const blankNotice = (reference: string): Notice => noticeSchema.parse({ reference });

/** What remains of a notice whose visitor was erased: repeated events from before are ignored. Milliseconds since 1970. */
export const tombstoneOf = ({ reference, version }: Notice, erasedAt: number): Notice => ({
  ...blankNotice(reference),
  version,
  reopenedAt: erasedAt,
});

/** Whether nothing is known about the subject. */
export const isTombstone = ({ desired, visitorId, waiting }: Notice): boolean =>
  desired === undefined && visitorId === undefined && waiting.length === 0;

/** Whether an event from this moment is about a visitor who is being erased, or was erased since. */
export const isErased = (notice: Notice, occurredAt: number): boolean =>
  notice.erasing === true || (isTombstone(notice) && occurredAt < notice.reopenedAt);

/** The next call to Brevo that brings the chat closer to the desired state. */
export type Step =
  | ({ kind: 'post'; visitorId: string; text: string } & Pick<Desired, 'agentId' | 'groupId'>)
  | { kind: 'edit'; messageId: string; text: string }
  | { kind: 'delete'; messageId: string };

/**
 * The next step; undefined if the chat is right, or if something else must happen first. While an operator's decision
 * is pending for the current desired state, pending deletes still proceed.
 */
export const nextStep = (notice: Notice): Step | undefined => {
  const step = towardsDesired(notice);
  const [messageId] = pendingDeletes(notice);
  const isDeletionRefused = notice.hold?.step === 'delete';
  return step ?? (messageId === undefined || isDeletionRefused ? undefined : { kind: 'delete', messageId });
};

const towardsDesired = (notice: Notice): Step | undefined => {
  const { desired, visitorId, hold } = notice;
  const newest = newestOf(notice);
  if (desired?.text === undefined || shows(newest, desired)) return undefined;
  if (hold !== undefined && hold.kind !== 'expired') return undefined;
  // A later message that may be in the chat must not stay below the new text.
  const isLast = notice.messages.findLast(({ keep }) => keep) === newest;
  const inPlace = isLast && (newest?.status === desired.status || desired.policy === 'edit');
  if (newest?.id !== undefined && inPlace) return { kind: 'edit', messageId: newest.id, text: desired.text };
  if (visitorId === undefined || hold !== undefined) return undefined;
  const { text, agentId, groupId } = desired;
  return { kind: 'post', visitorId, text, agentId, groupId };
};

/** The newest message that is certainly in the chat, and stays there. */
export const newestOf = ({ messages }: Notice): Message | undefined =>
  messages.findLast((message) => message.keep && !isUnconfirmed(message));

/** Whether a message is the result of a post whose outcome is unknown: it may not exist, and has no id. */
export const isUnconfirmed = ({ id, inDoubt }: Message): boolean => id === undefined && inDoubt === true;

/** Whether a message is known to show the desired text. */
export const shows = (message: Message | undefined, desired: Desired | undefined): boolean =>
  desired?.text !== undefined && message?.text === desired.text && message.inDoubt !== true;

/** With the policy `replace`, the message that shows the desired text stays alone. */
export const replacing = (notice: Notice): Notice => {
  const { desired, messages } = notice;
  const newest = newestOf(notice);
  if (desired?.policy !== 'replace' || !shows(newest, desired)) return notice;
  return {
    ...notice,
    messages: messages.map((message) => (message === newest ? message : { ...message, keep: false })),
  };
};

/** Ids of the messages still to be deleted, oldest first. */
export const pendingDeletes = ({ messages }: Notice): string[] =>
  messages.flatMap(({ id, keep }) => (keep || id === undefined ? [] : [id]));

/** Messages that may be in the chat, and that nobody can delete by id. */
export const unreachableOf = ({ messages }: Notice): Message[] =>
  messages.filter(({ id }) => id === undefined);

export const noticeStates = ['unaddressed', 'pending', 'sending', 'settled', ...holdKinds] as const;
export type NoticeState = (typeof noticeStates)[number];

/**
 * The state of a notice. `sending` lasts until the call is settled or its lease runs out. `unknown` and `refused` need
 * an operator or a newer desired state. `unaddressed` waits for an event that names the visitor.
 */
export const stateOf = (notice: Notice): NoticeState => {
  if (notice.call !== undefined) return 'sending';
  if (nextStep(notice) !== undefined) return 'pending';
  if (notice.hold !== undefined) return notice.hold.kind;
  if (notice.desired?.text !== undefined && notice.visitorId === undefined) return 'unaddressed';
  return 'settled';
};

/** Number of happenings that a notice remembers. */
const logLength = 20;

/** The notice with one more entry in its log. `at` in milliseconds since 1970. */
export const logged = (notice: Notice, at: number, what: string): Notice => ({
  ...notice,
  log: [...notice.log, { at, what }].slice(-logLength),
});
