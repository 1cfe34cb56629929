import * as z from 'zod/mini';

const policies = ['append', 'edit', 'replace'] as const;

/** What a visitor should see now about one subject. */
const desired = z.object({
  /** The status it is for; empty for a subject without statuses. A changed text within one status edits in place. */
  status: z.string(),
  /** Absent: nothing of this notice should stand in the chat. */
  text: z.optional(z.string()),
  agentId: z.optional(z.string()),
  groupId: z.optional(z.string()),
  /** What becomes of the message already sent when a new status comes. */
  policy: z.enum(policies),
  /** 1 is the most urgent. */
  priority: z.int().check(z.minimum(1), z.maximum(9)),
  /** Milliseconds since 1970. */
  occurredAt: z.number(),
  /** Milliseconds since 1970, after which it is too late to post it. Edits and deletions know no too late. */
  postBy: z.number(),
  /** Orders desired states for one notice as text; see precedence.ts. */
  precedence: z.string(),
  /** Hash of the text and of whose name it is sent in. */
  content: z.string(),
});
export type Desired = z.output<typeof desired>;

const steps = ['post', 'edit', 'delete'] as const;

/**
 * A notice: what a visitor should see about one subject, and what Brevo is known to show of it.
 *
 * The rest of the bridge reads its state with `stateOf` and what is to be done with `nextStep`; both follow from
 * these fields alone. Times are milliseconds since 1970.
 */
export const noticeSchema = z.object({
  /** Names the subject: `order:1001`, `order:1001/shipment:7`, `announcement:spring:<visitorId>`, or a caller's own. */
  reference: z.string(),
  /** Counts the writes of this item, so that none overwrites another unseen. */
  version: z._default(z.int(), 0),
  /** Fixed by the first event that names one. */
  visitorId: z.optional(z.string()),
  /** Counts the changes of what is desired. */
  revision: z._default(z.int(), 0),
  desired: z.optional(desired),
  /** Events from before this moment no longer count: the order was reopened, or its notice withdrawn. */
  reopenedAt: z._default(z.number(), 0),
  /** Wishes of a lower rank than the present one, though they occurred later: they count if the order is reopened. */
  superseded: z._default(z.array(desired), []),
  /** What the newest message says. */
  observed: z.optional(
    z.object({
      revision: z.int(),
      status: z.string(),
      text: z.string(),
      /** Absent where an operator said that the message is there, and nobody knows which it is. */
      messageId: z.optional(z.string()),
    }),
  ),
  /** Ids of the messages that stand in the chat, oldest first. */
  messages: z._default(z.array(z.string()), []),
  /** Ids of messages still to be deleted. */
  pendingDeletes: z._default(z.array(z.string()), []),
  /** The revision by which the notice was last withdrawn: messages of earlier ones have to go. */
  withdrawnAt: z._default(z.int(), 0),
  /** Held by the worker that is calling Brevo. `step` and `revision` are noted once a newer desired state hides them. */
  lease: z.optional(
    z.object({
      id: z.string(),
      until: z.number(),
      revision: z.optional(z.int()),
      step: z.optional(z.enum(steps)),
    }),
  ),
  /** A post of which nobody knows whether it took effect. */
  unknown: z.optional(z.object({ revision: z.int(), at: z.number(), reason: z.string() })),
  /** Posts whose outcome stayed unknown and that a newer desired state has superseded: each may stand in the chat. */
  orphans: z._default(z.array(z.object({ revision: z.int(), at: z.number() })), []),
  /** Brevo refused a step for the present desired state. */
  refusal: z.optional(z.object({ at: z.number(), reason: z.string(), step: z.optional(z.enum(steps)) })),
  /** The present desired state came too late to be posted. */
  expired: z._default(z.boolean(), false),
  /** When the notice is next to be looked at. */
  dueAt: z._default(z.number(), 0),
  /** Until then nothing is sent, lest a call whose outcome is unknown takes effect after the next one. */
  cooldownUntil: z._default(z.number(), 0),
  /** Calls in a row that had no effect. */
  attempts: z._default(z.int(), 0),
  lastError: z.optional(z.string()),
  /** References of the subjects of this order that wait to learn from it who the visitor is. */
  waiting: z._default(z.array(z.string()), []),
  /** Hash of the HTTP request that the notice was created by. */
  request: z.optional(z.string()),
  /** The visitor is being erased: nothing is sent any more, and the notice goes once its messages are gone. */
  erasing: z.optional(z.boolean()),
});
export type Notice = z.output<typeof noticeSchema>;

/** A notice of which nothing is known yet. */
export const blankNotice = (reference: string): Notice => noticeSchema.parse({ reference });

/** The one call to Brevo that brings the chat closer to what is desired. */
export type Step =
  | { kind: 'post'; visitorId: string; text: string; agentId?: string; groupId?: string; replaces: boolean }
  | { kind: 'edit'; messageId: string; text: string }
  | { kind: 'delete'; messageId: string };

/**
 * What is to be done next; nothing when the chat is right, or when something must happen first. While an operator is to
 * say what becomes of the present desired state, messages that have to go are deleted all the same.
 */
export const nextStep = (notice: Notice): Step | undefined => {
  const { unknown, refusal, pendingDeletes } = notice;
  const isHeld = unknown !== undefined || refusal !== undefined;
  const step = isHeld ? undefined : towardsDesired(notice);
  const [messageId] = pendingDeletes;
  if (step !== undefined || messageId === undefined || !mayDelete(notice)) return step;
  return { kind: 'delete', messageId };
};

const mayDelete = ({ refusal }: Notice): boolean =>
  refusal === undefined || refusal.step === 'post' || refusal.step === 'edit';

/** The call that is under way for the notice, if any. */
export const inFlight = (notice: Notice): Step['kind'] | undefined =>
  notice.lease === undefined ? undefined : (notice.lease.step ?? nextStep(notice)?.kind);

const towardsDesired = ({ desired, observed, visitorId, expired }: Notice): Step | undefined => {
  if (desired?.text === undefined || desired.text === observed?.text) return undefined;
  const inPlace = observed?.status === desired.status || desired.policy === 'edit';
  if (observed?.messageId !== undefined && inPlace) {
    return { kind: 'edit', messageId: observed.messageId, text: desired.text };
  }
  if (visitorId === undefined || expired) return undefined;
  return {
    kind: 'post',
    visitorId,
    text: desired.text,
    ...(desired.agentId === undefined ? {} : { agentId: desired.agentId }),
    ...(desired.groupId === undefined ? {} : { groupId: desired.groupId }),
    replaces: desired.policy === 'replace',
  };
};

export const noticeStates = [
  'unaddressed',
  'pending',
  'sending',
  'settled',
  'unknown',
  'refused',
  'expired',
] as const;
export type NoticeState = (typeof noticeStates)[number];

/**
 * The state a notice is in. `sending` lasts until the lease is given back or found to be over; `unknown` and
 * `refused` need an operator or a newer desired state; `unaddressed` waits for an event that names the visitor.
 */
export const stateOf = (notice: Notice): NoticeState => {
  if (notice.lease !== undefined) return 'sending';
  if (nextStep(notice) !== undefined) return 'pending';
  if (notice.unknown !== undefined) return 'unknown';
  if (notice.refusal !== undefined) return 'refused';
  if (notice.expired) return 'expired';
  if (notice.desired?.text !== undefined && notice.visitorId === undefined) return 'unaddressed';
  return 'settled';
};

/** What the chat shows by the notice's present desired state. */
export const observedFor = ({ revision, desired }: Notice, messageId?: string): Pick<Notice, 'observed'> =>
  desired?.text === undefined
    ? {}
    : { observed: { revision, status: desired.status, text: desired.text, messageId } };
