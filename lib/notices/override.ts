import { type Desired, inFlight, type Notice, observedFor, shows } from './notice.ts';
import { contentOf, hasRank, overriddenAt, overridePrecedence } from './precedence.ts';
import { desiring, keepingTrack, nothingAt, takenBack } from './record.ts';

/**
 * An override that wants no message in the chat for the current status. It takes precedence over all earlier
 * overrides.
 */
const overrideOf = (notice: Notice, now: number): Desired => {
  const { desired: met } = notice;
  const at = Math.max(now, met === undefined ? 0 : (overriddenAt(met) ?? 0) + 1);
  // A status with a rank keeps its time, so that a later reopening of the order still applies.
  const metAt = met?.occurredAt ?? 0;
  const occurredAt = hasRank(met) ? metAt : Math.max(now, metAt);
  return nothingAt(notice, occurredAt, overridePrecedence(met, { occurredAt, at }));
};

/**
 * Whether the newest message shows the current desired state or an earlier text of the same status. False while a new
 * message is being posted.
 */
const isShownByNewest = (notice: Notice): boolean => {
  const { desired, observed } = notice;
  if (desired === undefined || observed === undefined || inFlight(notice) === 'post') return false;
  return observed.status === desired.status || shows(observed, desired);
};

/**
 * If the newest message shows the same text for another status, it is treated as if it were sent for the current one,
 * so that it is edited.
 */
const speakingFor = (notice: Notice): Notice => {
  const { desired, observed } = notice;
  if (desired === undefined || observed === undefined || !isShownByNewest(notice)) return notice;
  return { ...notice, observed: { ...observed, status: desired.status } };
};

/** An operator's new text for a notice, and its sender. Without agentId and groupId, Brevo picks an agent. */
export interface NewText {
  text: string;
  agentId?: string | undefined;
  groupId?: string | undefined;
}

/** The time of an operator's action, and the time until which its text may be posted. Milliseconds since 1970. */
export interface Occasion {
  now: number;
  postBy: number;
}

/**
 * Applies an operator's new text to the current status of a notice. It always applies, and overrides all events of
 * that status, or, for a subject without statuses, all events that occurred before. If the newest message shows that
 * status, it is edited. Otherwise the text is posted, even if the notice was withdrawn, expired, refused or held.
 *
 * While the visitor is being erased nothing is sent, and the notice is returned unchanged.
 */
export const rewrite = (notice: Notice, newText: NewText, { now, postBy }: Occasion): Notice => {
  if (notice.erasing === true) return notice;
  const { text, agentId, groupId } = newText;
  const desired: Desired = {
    ...overrideOf(notice, now),
    text,
    ...(agentId === undefined ? {} : { agentId }),
    ...(groupId === undefined ? {} : { groupId }),
    postBy,
    content: contentOf(text, agentId, groupId),
  };
  const { desired: standing, unknown, refusal, expired } = notice;
  const isDesired = standing?.content === desired.content;
  const isWell = unknown === undefined && refusal === undefined && !expired;
  return isDesired && isWell ? { ...notice, desired } : desiring(speakingFor(notice), desired, now);
};

/**
 * Withdraws a notice for an operator: all its messages will be deleted, a waiting message is not sent, and a message
 * that is being posted will be deleted. It always applies, and overrides events as a new text does. `now` in
 * milliseconds since 1970.
 */
export const withdrawByOverride = (notice: Notice, now: number): Notice =>
  takenBack(notice, overrideOf(notice, now), now);

/**
 * Applies an operator's new text to a message, given its id, if it is the newest of the notice. The desired state
 * changes, with the same sender.
 * @returns undefined if the message is not the newest, or is about to be followed by another; it must then be edited
 * in Brevo directly
 */
export const overrideMessage = (
  notice: Notice,
  messageId: string,
  text: string,
  occasion: Occasion,
): Notice | undefined => {
  const { desired, observed } = notice;
  if (desired === undefined || observed?.messageId !== messageId || inFlight(notice) === 'post')
    return undefined;
  if (!isShownByNewest(notice) && desired.policy !== 'edit') return undefined;
  const { agentId, groupId } = desired;
  return rewrite(notice, { text, agentId, groupId }, occasion);
};

/**
 * Deletes one message for an operator, and no other. If it shows the current status, no message of that status is
 * desired any more. A later status is sent as a new message. `now` in milliseconds since 1970.
 */
export const removeMessage = (notice: Notice, messageId: string, now: number): Notice => {
  if (notice.pendingDeletes.includes(messageId)) return notice;
  const { observed, refusal, ...rest } = keepingTrack(notice);
  const isNewest = observed?.messageId === messageId;
  const without: Notice = {
    ...rest,
    ...(observed === undefined || isNewest ? {} : { observed }),
    // A repeated request to delete a message also retries a deletion that Brevo refused.
    ...(refusal === undefined || refusal.step === 'delete' ? {} : { refusal }),
    messages: notice.messages.filter((id) => id !== messageId),
    pendingDeletes: [...notice.pendingDeletes, messageId],
    dueAt: now,
  };
  return isNewest && isShownByNewest(notice) ? desiring(without, overrideOf(notice, now), now) : without;
};

/**
 * Applies a deletion that was requested before the message's post was settled. `notice` has the message as its
 * newest.
 * @param post the desired state that the message was posted for, and the time now in milliseconds since 1970
 */
export const removeUnsettled = (
  notice: Notice,
  messageId: string,
  post: { desired: Desired | undefined; now: number },
): Notice => {
  const { desired } = notice;
  const removed = removeMessage(notice, messageId, post.now);
  // A text that an operator set in the meantime is sent after the deletion, not deleted with it.
  const isWantedAnew =
    desired !== undefined &&
    overriddenAt(desired) !== undefined &&
    desired.precedence !== post.desired?.precedence;
  return isWantedAnew ? { ...removed, desired } : removed;
};

/**
 * An operator's decision on a held notice. For a post whose outcome is unknown: `sent`, it is in the chat; `resend`,
 * it is not and must be sent; `drop`, it is not and need not be sent. For a refusal: `retry` calls Brevo again.
 */
export type Resolution = 'sent' | 'resend' | 'drop' | 'retry';

/**
 * Applies an operator's decision.
 * @param messageId the message in the chat, for `sent`; without it, that message cannot be deleted later
 * @returns undefined if the decision does not apply to the state of the notice
 */
export const resolve = (
  notice: Notice,
  resolution: Resolution,
  { now, messageId }: { now: number; messageId?: string },
): Notice | undefined => {
  const { unknown, refusal, ...open } = keepingTrack(notice);
  if (resolution === 'retry') return refusal === undefined ? undefined : { ...open, dueAt: now, attempts: 0 };
  if (unknown === undefined) return undefined;
  switch (resolution) {
    case 'sent': {
      const { revision, at } = unknown;
      const shown = { ...open, ...observedFor(notice, messageId) };
      return messageId === undefined
        ? { ...shown, orphans: [...notice.orphans, { revision, at }] }
        : { ...shown, messages: [...notice.messages, messageId] };
    }
    case 'resend':
      return { ...open, dueAt: now, attempts: 0 };
    case 'drop':
      return { ...open, expired: true };
  }
};
