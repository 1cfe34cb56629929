import {
  type Desired,
  isUnconfirmed,
  logged,
  type Message,
  type Notice,
  newestOf,
  replacing,
  shows,
} from './notice.ts';
import { contentOf, hasRank, overriddenAt, overridePrecedence } from './precedence.ts';
import { desiring, nothingAt, speakingFor, takenBack } from './record.ts';

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
  const { desired, call } = notice;
  const newest = newestOf(notice);
  if (newest === undefined || call?.step === 'post') return false;
  return newest.status === desired?.status || shows(newest, desired);
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
    agentId,
    groupId,
    postBy,
    content: contentOf(text, agentId, groupId),
  };
  if (notice.desired?.content === desired.content && notice.hold === undefined) return { ...notice, desired };
  // If the newest message shows the same text for another status, it is edited.
  const shown = isShownByNewest(notice) ? speakingFor(notice, desired) : notice;
  return desiring(shown, desired, now, 'rewritten');
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
  const { desired, call } = notice;
  if (desired === undefined || newestOf(notice)?.id !== messageId || call?.step === 'post') return undefined;
  if (!isShownByNewest(notice) && desired.policy !== 'edit') return undefined;
  const { agentId, groupId } = desired;
  return rewrite(notice, { text, agentId, groupId }, occasion);
};

/**
 * Deletes one message for an operator, and no other. If it shows the current status, no message of that status is
 * desired any more. A later status is sent as a new message. A repeat retries a deletion that Brevo refused.
 *
 * The message may be known before its post is settled. It is then the message of the call under way, or of a post
 * whose outcome is unknown. `now` in milliseconds since 1970.
 */
export const removeMessage = (notice: Notice, messageId: string, now: number): Notice => {
  const { messages, call, hold, ...rest } = notice;
  const known = messages.find(({ id }) => id === messageId);
  const open = hold?.step === 'delete' ? { ...rest, messages, call } : notice;
  if (known?.keep === false) return open === notice ? notice : logged({ ...open, dueAt: now }, now, 'retry');
  const posting = known === undefined && call?.step === 'post' ? call : undefined;
  const unwanted: Message = { text: '', status: '', ...known, id: messageId, keep: false };
  const removed: Notice =
    posting === undefined
      ? { ...open, messages: [...messages.filter((message) => message !== known), unwanted] }
      : { ...open, call: { ...posting, messageId, keep: false } };
  const isCurrent =
    known === undefined
      ? isForCurrent(notice, posting?.desired ?? messages.findLast(isUnconfirmed))
      : known === newestOf(notice) && isShownByNewest(notice);
  return isCurrent
    ? desiring(removed, overrideOf(notice, now), now, 'removed')
    : logged({ ...removed, dueAt: now }, now, 'removed');
};

/** Whether a post was for the current status. A text that an operator has set since is sent after the deletion. */
const isForCurrent = (
  { desired }: Notice,
  post: { text?: string | undefined; status: string } | undefined,
): boolean =>
  post !== undefined &&
  (post.text === desired?.text || (post.status === desired?.status && overriddenAt(desired) === undefined));

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
  const { hold, ...open } = notice;
  if (hold?.kind !== (resolution === 'retry' ? 'refused' : 'unknown')) return undefined;
  const resolved = logged({ ...open, dueAt: now, attempts: 0 }, now, resolution);
  if (resolution === 'retry') return resolved;
  const lost = notice.messages.findLast(isUnconfirmed);
  const messages = notice.messages.filter((message) => message !== lost);
  switch (resolution) {
    case 'sent': {
      if (lost === undefined) return resolved;
      const { inDoubt: _, ...found } = lost;
      return replacing({ ...resolved, messages: [...messages, { ...found, id: messageId }] });
    }
    case 'resend':
      return { ...resolved, messages };
    case 'drop':
      return { ...resolved, messages, hold: { kind: 'expired', at: now, reason: 'dropped by an operator' } };
  }
};
