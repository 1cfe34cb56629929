import * as z from 'zod/mini';

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
});
export type Desired = z.output<typeof desired>;

const steps = ['post', 'edit', 'delete'] as const;

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
  /** Number of changes to the desired state. */
  revision: z._default(z.int(), 0),
  desired: z.optional(desired),
  /** Events from before this moment are ignored, because the order was reopened or its notice was withdrawn. */
  reopenedAt: z._default(z.number(), 0),
  /**
   * Desired states that occurred later than the current one but have a lower rank. They apply if the order is
   * reopened.
   */
  superseded: z._default(z.array(desired), []),
  /** The content of the newest message. */
  observed: z.optional(
    z.object({
      revision: z.int(),
      status: z.string(),
      /** Absent after an edit whose outcome is unknown. */
      text: z.optional(z.string()),
      /** Absent if an operator confirmed that the message is in the chat, but not which one it is. */
      messageId: z.optional(z.string()),
    }),
  ),
  /** Ids of the messages in the chat, oldest first. */
  messages: z._default(z.array(z.string()), []),
  /** Ids of messages still to be deleted. */
  pendingDeletes: z._default(z.array(z.string()), []),
  /** The revision that last withdrew the notice. Messages of earlier revisions must be deleted. */
  withdrawnAt: z._default(z.int(), 0),
  /**
   * Held by the worker that is calling Brevo. `step` and `revision` describe the call once a newer desired state has
   * replaced the one it is for.
   */
  lease: z.optional(
    z.object({
      id: z.string(),
      until: z.number(),
      revision: z.optional(z.int()),
      step: z.optional(z.enum(steps)),
    }),
  ),
  /** A post whose outcome is unknown. */
  unknown: z.optional(z.object({ revision: z.int(), at: z.number(), reason: z.string() })),
  /** Posts whose outcome stayed unknown when a newer desired state superseded them. Each may be in the chat. */
  orphans: z._default(z.array(z.object({ revision: z.int(), at: z.number() })), []),
  /** Brevo refused a step for the current desired state. */
  refusal: z.optional(z.object({ at: z.number(), reason: z.string(), step: z.optional(z.enum(steps)) })),
  /** It is too late to post the current desired state. */
  expired: z._default(z.boolean(), false),
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

/** The next call to Brevo that brings the chat closer to the desired state. */
export type Step =
  | { kind: 'post'; visitorId: string; text: string; agentId?: string; groupId?: string; replaces: boolean }
  | { kind: 'edit'; messageId: string; text: string }
  | { kind: 'delete'; messageId: string };

/**
 * The next step; undefined if the chat is right, or if something else must happen first. While an operator's decision
 * is pending for the current desired state, pending deletes still proceed.
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

/** The kind of call in progress for the notice, if any. */
export const inFlight = (notice: Notice): Step['kind'] | undefined =>
  notice.lease === undefined ? undefined : (notice.lease.step ?? nextStep(notice)?.kind);

const towardsDesired = ({ desired, observed, visitorId, expired }: Notice): Step | undefined => {
  if (desired?.text === undefined || shows(observed, desired)) return undefined;
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
 * The state of a notice. `sending` lasts until the lease is released or runs out. `unknown` and `refused` need an
 * operator or a newer desired state. `unaddressed` waits for an event that names the visitor.
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

/** Whether a message is known to show the desired text. */
export const shows = (message: { text?: string | undefined } | undefined, { text }: Desired): boolean =>
  text !== undefined && message?.text === text;

/** The observed state once a message shows the current desired state. */
export const observedFor = ({ revision, desired }: Notice, messageId?: string): Pick<Notice, 'observed'> =>
  desired?.text === undefined
    ? {}
    : { observed: { revision, status: desired.status, text: desired.text, messageId } };
