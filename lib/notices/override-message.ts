import { isShownByNewest, overrideOf } from './act.ts';
import { desiring, keepingTrack } from './desire.ts';
import { type Desired, inFlight, type Notice } from './notice.ts';
import { type Occasion, rewrite } from './override.ts';
import { overriddenAt } from './precedence.ts';

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
