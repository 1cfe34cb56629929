import { actOn, isToldByNewest } from './act.ts';
import { desiring, keepingTrack } from './desire.ts';
import { inFlight, type Notice, type Wish } from './notice.ts';
import { type Occasion, rewrite } from './person.ts';
import { actedAt } from './precedence.ts';

/**
 * A person's new text for the message of this id, if it is the notice's newest: what is desired follows, in the same
 * name.
 * @returns nothing where it is an older message, or one that is about to be: it is to be edited by itself
 */
export const rewriteMessage = (
  notice: Notice,
  messageId: string,
  text: string,
  occasion: Occasion,
): Notice | undefined => {
  const { wish, applied } = notice;
  if (wish === undefined || applied?.messageId !== messageId || inFlight(notice) === 'post') return undefined;
  if (!isToldByNewest(notice) && wish.policy !== 'edit') return undefined;
  const { agentId, groupId } = wish;
  return rewrite(notice, { text, agentId, groupId }, occasion);
};

/**
 * A person deletes the message of this id, and no other. If it tells the present status, nothing of that status is
 * desired any more; a later status is told anew. `now` in milliseconds since 1970.
 */
export const removeMessage = (notice: Notice, messageId: string, now: number): Notice => {
  if (notice.surplus.includes(messageId)) return notice;
  const { applied, failure, ...rest } = keepingTrack(notice);
  const isNewest = applied?.messageId === messageId;
  const without: Notice = {
    ...rest,
    ...(applied === undefined || isNewest ? {} : { applied }),
    // Whoever asks for a deletion again has one that Brevo refused tried again.
    ...(failure === undefined || failure.step === 'delete' ? {} : { failure }),
    messages: notice.messages.filter((id) => id !== messageId),
    surplus: [...notice.surplus, messageId],
    dueAt: now,
  };
  return isNewest && isToldByNewest(notice) ? desiring(without, actOn(notice, now), now) : without;
};

/**
 * Carries out a deletion that was asked for before the message's post was settled: `notice` has it as its newest.
 * @param post the wish that it was posted for, and the time now in milliseconds since 1970
 */
export const removeUnsettled = (
  notice: Notice,
  messageId: string,
  post: { wish: Wish | undefined; now: number },
): Notice => {
  const { wish } = notice;
  const removed = removeMessage(notice, messageId, post.now);
  // What a person wanted told meanwhile is told after the deletion, not deleted with it.
  const isWantedAnew =
    wish !== undefined && actedAt(wish) !== undefined && wish.precedence !== post.wish?.precedence;
  return isWantedAnew ? { ...removed, wish } : removed;
};
