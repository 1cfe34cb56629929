import { actOn, speakingFor } from './act.ts';
import { desiring } from './desire.ts';
import type { Notice, Wish } from './notice.ts';
import { contentOf } from './precedence.ts';
import { takenBack } from './withdraw.ts';

/** What a person wants a notice to say, and in whose name; without one it is shown in nobody's in particular. */
export interface NewText {
  text: string;
  agentId?: string | undefined;
  groupId?: string | undefined;
}

/** When a person acts, and until when it may be posted. Milliseconds since 1970. */
export interface Occasion {
  now: number;
  postBy: number;
}

/**
 * A person's new text for a notice, under its present status: it always applies, and holds against every event of that
 * status, or, where time alone counts, against all that occurred before. The newest message is edited if it tells that
 * status; else the text is posted, also where the notice was withdrawn, expired, failed or held.
 *
 * Nothing is told while the visitor is being erased: such a notice is given back as it is.
 */
export const rewrite = (notice: Notice, newText: NewText, { now, postBy }: Occasion): Notice => {
  if (notice.erasing === true) return notice;
  const { text, agentId, groupId } = newText;
  const wish: Wish = {
    ...actOn(notice, now),
    text,
    ...(agentId === undefined ? {} : { agentId }),
    ...(groupId === undefined ? {} : { groupId }),
    postBy,
    content: contentOf(text, agentId, groupId),
  };
  const { wish: standing, unknown, failure, expired } = notice;
  const isDesired = standing?.content === wish.content;
  const isWell = unknown === undefined && failure === undefined && !expired;
  return isDesired && isWell ? { ...notice, wish } : desiring(speakingFor(notice), wish, now);
};

/**
 * A person withdraws a notice: all its messages are to be deleted, what waits is not told, and what is on its way will
 * be deleted. It always applies, and holds as a new text does. `now` in milliseconds since 1970.
 */
export const withdrawByPerson = (notice: Notice, now: number): Notice =>
  takenBack(notice, actOn(notice, now), now);
