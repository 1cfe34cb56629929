import { inFlight, type Notice, type Wish } from './notice.ts';
import { actedAt, actPrecedence, hasRank } from './precedence.ts';
import { nothingAt } from './withdraw.ts';

/** A person's wish that nothing be told under the present status. It prevails over every act before it. */
export const actOn = (notice: Notice, now: number): Wish => {
  const { wish: met } = notice;
  const at = Math.max(now, met === undefined ? 0 : (actedAt(met) ?? 0) + 1);
  // A status that is outranked rather than outlived keeps its time, so that an order reopened after it is told anew.
  const metAt = met?.occurredAt ?? 0;
  const occurredAt = hasRank(met) ? metAt : Math.max(now, metAt);
  return nothingAt(notice, occurredAt, actPrecedence(met, { occurredAt, at }));
};

/**
 * Whether the newest message tells what is desired now, or an earlier text of the same status. It does not while
 * another one is on its way.
 */
export const isToldByNewest = (notice: Notice): boolean => {
  const { wish, applied } = notice;
  if (wish === undefined || applied === undefined || inFlight(notice) === 'post') return false;
  return applied.status === wish.status || applied.text === wish.text;
};

/** What says the same as is desired under another status is edited as if it had been sent for that one. */
export const speakingFor = (notice: Notice): Notice => {
  const { wish, applied } = notice;
  if (wish === undefined || applied === undefined || !isToldByNewest(notice)) return notice;
  return { ...notice, applied: { ...applied, status: wish.status } };
};
