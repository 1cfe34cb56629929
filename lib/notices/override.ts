import { overrideOf, speakingFor } from './act.ts';
import { desiring } from './desire.ts';
import type { Desired, Notice } from './notice.ts';
import { contentOf } from './precedence.ts';
import { takenBack } from './withdraw.ts';

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
