import { type Desired, inFlight, type Notice } from './notice.ts';

/** The notice with another desired state, which goes ahead of whatever held up the one before it. `now` in milliseconds since 1970. */
export const desiring = (notice: Notice, desired: Desired, now: number): Notice => {
  const { unknown, refusal: _, ...rest } = keepingTrack(notice);
  return {
    ...rest,
    desired,
    revision: notice.revision + 1,
    expired: false,
    dueAt: now,
    attempts: 0,
    orphans:
      unknown === undefined
        ? rest.orphans
        : [...rest.orphans, { revision: unknown.revision, at: unknown.at }],
  };
};

/** Notes what the call that is under way is about, before a change hides it. */
export const keepingTrack = (notice: Notice): Notice =>
  notice.lease === undefined
    ? notice
    : { ...notice, lease: { revision: notice.revision, step: inFlight(notice), ...notice.lease } };
