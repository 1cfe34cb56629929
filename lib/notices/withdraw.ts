import { desiring } from './desire.ts';
import type { Desired, Notice } from './notice.ts';
import { contentOf, overridePrecedence } from './precedence.ts';
import type { Recorded } from './record.ts';

/**
 * Withdraws a notice as an event asks for it: all its messages are to be deleted, and what is on its way will be. It
 * holds against every event of the present status; a later status is sent as a new message. A notice not known yet is remembered
 * as withdrawn. Times in milliseconds since 1970.
 */
export const withdraw = (notice: Notice, occurredAt: number, now: number): Recorded => {
  const standing = notice.desired;
  const precedence = overridePrecedence(standing, { occurredAt, at: occurredAt });
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

/** The desired state that nothing be in the chat under the present status. */
export const nothingAt = ({ desired }: Notice, occurredAt: number, precedence: string): Desired => ({
  status: desired?.status ?? '',
  policy: desired?.policy ?? 'append',
  priority: desired?.priority ?? 1,
  occurredAt,
  postBy: occurredAt,
  precedence,
  content: contentOf(undefined),
});

/** The notice with this desired state for nothing, and all its messages to be deleted. `now` in milliseconds since 1970. */
export const takenBack = (notice: Notice, nothing: Desired, now: number): Notice => {
  if (isBare(notice)) return { ...notice, desired: nothing };
  const { observed: _, ...desired } = desiring(notice, nothing, now);
  return {
    ...desired,
    messages: [],
    pendingDeletes: [...notice.pendingDeletes, ...notice.messages],
    withdrawnAt: desired.revision,
    // Where nothing was known, all that occurred before is withdrawn with it, whatever its status.
    reopenedAt:
      notice.desired === undefined ? Math.max(notice.reopenedAt, nothing.occurredAt) : notice.reopenedAt,
  };
};

/** Whether nothing stands or is wanted in the chat, and nothing is on its way there. */
const isBare = ({ desired, messages, lease, unknown, refusal }: Notice): boolean =>
  desired !== undefined &&
  desired.text === undefined &&
  messages.length === 0 &&
  lease === undefined &&
  unknown === undefined &&
  refusal === undefined;
