import { type Desired, inFlight, type Notice, observedFor } from './notice.ts';
import { contentOf, hasRank, overriddenAt, overridePrecedence } from './precedence.ts';
import { desiring, keepingTrack, nothingAt, takenBack } from './record.ts';

/** An override by which nothing should be in the chat under the present status. It prevails over every override before it. */
const overrideOf = (notice: Notice, now: number): Desired => {
  const { desired: met } = notice;
  const at = Math.max(now, met === undefined ? 0 : (overriddenAt(met) ?? 0) + 1);
  // A status that is outranked rather than outlived keeps its time, so that an order reopened after it is sent again.
  const metAt = met?.occurredAt ?? 0;
  const occurredAt = hasRank(met) ? metAt : Math.max(now, metAt);
  return nothingAt(notice, occurredAt, overridePrecedence(met, { occurredAt, at }));
};

/**
 * Whether the newest message shows what is desired now, or an earlier text of the same status. It does not while
 * another one is on its way.
 */
const isShownByNewest = (notice: Notice): boolean => {
  const { desired, observed } = notice;
  if (desired === undefined || observed === undefined || inFlight(notice) === 'post') return false;
  return observed.status === desired.status || observed.text === desired.text;
};

/** What says the same as is desired under another status is edited as if it had been sent for that one. */
const speakingFor = (notice: Notice): Notice => {
  const { desired, observed } = notice;
  if (desired === undefined || observed === undefined || !isShownByNewest(notice)) return notice;
  return { ...notice, observed: { ...observed, status: desired.status } };
};

/** What an operator wants a notice to say, and in whose name; without one it is shown in nobody's in particular. */
export interface NewText {
  text: string;
  agentId?: string | undefined;
  groupId?: string | undefined;
}

/** When an operator acts, and until when it may be posted. Milliseconds since 1970. */
export interface Occasion {
  now: number;
  postBy: number;
}

/**
 * An operator's new text for a notice, under its present status: it always applies, and holds against every event of that
 * status, or, where time alone counts, against all that occurred before. The newest message is edited if it shows that
 * status; else the text is posted, also where the notice was withdrawn, expired, refused or held.
 *
 * Nothing is sent while the visitor is being erased: such a notice is given back as it is.
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
 * An operator withdraws a notice: all its messages are to be deleted, what waits is not sent, and what is on its way will
 * be deleted. It always applies, and holds as a new text does. `now` in milliseconds since 1970.
 */
export const withdrawByOverride = (notice: Notice, now: number): Notice =>
  takenBack(notice, overrideOf(notice, now), now);

/**
 * An operator's new text for the message of this id, if it is the notice's newest: what is desired follows, in the same
 * name.
 * @returns nothing where it is an older message, or one that is about to be: it is to be edited by itself
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
 * An operator deletes the message of this id, and no other. If it shows the present status, nothing of that status is
 * desired any more; a later status is sent as a new message. `now` in milliseconds since 1970.
 */
export const removeMessage = (notice: Notice, messageId: string, now: number): Notice => {
  if (notice.pendingDeletes.includes(messageId)) return notice;
  const { observed, refusal, ...rest } = keepingTrack(notice);
  const isNewest = observed?.messageId === messageId;
  const without: Notice = {
    ...rest,
    ...(observed === undefined || isNewest ? {} : { observed }),
    // Whoever asks for a deletion again has one that Brevo refused tried again.
    ...(refusal === undefined || refusal.step === 'delete' ? {} : { refusal }),
    messages: notice.messages.filter((id) => id !== messageId),
    pendingDeletes: [...notice.pendingDeletes, messageId],
    dueAt: now,
  };
  return isNewest && isShownByNewest(notice) ? desiring(without, overrideOf(notice, now), now) : without;
};

/**
 * Carries out a deletion that was asked for before the message's post was settled: `notice` has it as its newest.
 * @param post the desired state that it was posted for, and the time now in milliseconds since 1970
 */
export const removeUnsettled = (
  notice: Notice,
  messageId: string,
  post: { desired: Desired | undefined; now: number },
): Notice => {
  const { desired } = notice;
  const removed = removeMessage(notice, messageId, post.now);
  // What an operator wanted sent meanwhile is sent after the deletion, not deleted with it.
  const isWantedAnew =
    desired !== undefined &&
    overriddenAt(desired) !== undefined &&
    desired.precedence !== post.desired?.precedence;
  return isWantedAnew ? { ...removed, desired } : removed;
};

/**
 * An operator's answer for a notice that is held. Of a post of unknown outcome: `sent`, it is in the chat; `resend`, it
 * is not and still has to be sent; `drop`, it is not and need not be sent. `retry`: Brevo is to be asked again for what
 * it refused.
 */
export type Resolution = 'sent' | 'resend' | 'drop' | 'retry';

/**
 * Carries out an operator's answer.
 * @param messageId the message found, for `sent`; without it a later deletion cannot reach that message
 * @returns nothing if the notice is not held for what the answer is about
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
