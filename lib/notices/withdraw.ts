import { desiring } from './desire.ts';
import type { Notice, Wish } from './notice.ts';
import { actPrecedence, contentOf } from './precedence.ts';
import type { Recorded } from './record.ts';

/**
 * Withdraws a notice as an event asks for it: all its messages are to be deleted, and what is on its way will be. It
 * holds against every event of the present status; a later status is told anew. A notice not known yet is remembered
 * as withdrawn. Times in milliseconds since 1970.
 */
export const withdraw = (notice: Notice, occurredAt: number, now: number): Recorded => {
  const standing = notice.wish;
  const precedence = actPrecedence(standing, { occurredAt, at: occurredAt });
  if (standing?.precedence === precedence) return { result: 'duplicate', notice };
  const isOutdated =
    notice.erasing === true ||
    (standing === undefined
      ? occurredAt < notice.reopenedAt
      : occurredAt < standing.occurredAt || precedence < standing.precedence);
  if (isOutdated) return { result: 'outdated', notice };
  const withdrawn = takenBack(notice, nothingAt(notice, occurredAt, precedence), now);
  return { result: withdrawn.revision === notice.revision ? 'unchanged' : 'accepted', notice: withdrawn };
};

/** The wish that nothing be told under the present status. */
export const nothingAt = ({ wish }: Notice, occurredAt: number, precedence: string): Wish => ({
  status: wish?.status ?? '',
  policy: wish?.policy ?? 'append',
  priority: wish?.priority ?? 1,
  occurredAt,
  postBy: occurredAt,
  precedence,
  content: contentOf(undefined),
});

/** The notice with this wish for nothing, and all its messages to be deleted. `now` in milliseconds since 1970. */
export const takenBack = (notice: Notice, nothing: Wish, now: number): Notice => {
  if (isBare(notice)) return { ...notice, wish: nothing };
  const { applied: _, ...desired } = desiring(notice, nothing, now);
  return {
    ...desired,
    messages: [],
    surplus: [...notice.surplus, ...notice.messages],
    withdrawnAt: desired.revision,
    // Where nothing was known, all that occurred before is withdrawn with it, whatever its status.
    reopenedAt:
      notice.wish === undefined ? Math.max(notice.reopenedAt, nothing.occurredAt) : notice.reopenedAt,
  };
};

/** Whether nothing stands or is wanted in the chat, and nothing is on its way there. */
const isBare = ({ wish, messages, lease, unknown, failure }: Notice): boolean =>
  wish !== undefined &&
  wish.text === undefined &&
  messages.length === 0 &&
  lease === undefined &&
  unknown === undefined &&
  failure === undefined;
