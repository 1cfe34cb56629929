import { type Desired, inFlight, type Notice } from './notice.ts';
import { hasRank, overriddenAt, overridePrecedence } from './precedence.ts';
import { nothingAt } from './withdraw.ts';

/** An override by which nothing should be in the chat under the present status. It prevails over every override before it. */
export const overrideOf = (notice: Notice, now: number): Desired => {
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
export const isShownByNewest = (notice: Notice): boolean => {
  const { desired, observed } = notice;
  if (desired === undefined || observed === undefined || inFlight(notice) === 'post') return false;
  return observed.status === desired.status || observed.text === desired.text;
};

/** What says the same as is desired under another status is edited as if it had been sent for that one. */
export const speakingFor = (notice: Notice): Notice => {
  const { desired, observed } = notice;
  if (desired === undefined || observed === undefined || !isShownByNewest(notice)) return notice;
  return { ...notice, observed: { ...observed, status: desired.status } };
};
