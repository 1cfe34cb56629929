import { desiring, keepingTrack } from './desire.ts';
import type { Desired, Notice } from './notice.ts';
import { prevailing } from './precedence.ts';

/** A desired state on its way into its notice. */
export interface Incoming {
  reference: string;
  /** The order whose visitor this subject shares; absent where the subject is the order itself or none. */
  order?: string | undefined;
  /** Absent: the notice, or the order, must know. */
  visitorId?: string | undefined;
  /** Starts the ranks of the statuses anew: what occurred before no longer counts. */
  reopens: boolean;
  /** Hash of the HTTP request that asks for it; a notice keeps that of the one it was created by. */
  request?: string | undefined;
  desired: Desired;
}

/**
 * What became of a desired state: `accepted` changes what is desired; `unchanged` says the same again; `duplicate` was seen
 * before; `outdated` comes after something newer, or while the visitor is being erased; `misaddressed` names another visitor than the notice's and was
 * refused, so that nobody reads what is another's.
 */
export type RecordResult = 'accepted' | 'unchanged' | 'duplicate' | 'outdated' | 'misaddressed';

export interface Recorded {
  result: RecordResult;
  /** The very object passed in, if nothing changed. */
  notice: Notice;
}

/** Takes a desired state into its notice. `now` in milliseconds since 1970. */
export const record = (notice: Notice, incoming: Incoming, now: number): Recorded => {
  const { desired, visitorId, reopens } = incoming;
  if (notice.erasing === true) return { result: 'outdated', notice };
  if (visitorId !== undefined && notice.visitorId !== undefined && visitorId !== notice.visitorId) {
    return { result: 'misaddressed', notice };
  }
  const addressed = addressedTo(created(notice, incoming), visitorId, now);
  const reopenedAt = reopens ? Math.max(notice.reopenedAt, desired.occurredAt) : notice.reopenedAt;
  const known = notice.desired === undefined ? [] : [notice.desired, ...notice.superseded];
  const isKnown = known.some(({ precedence }) => precedence === desired.precedence);
  if (isKnown && reopenedAt === notice.reopenedAt) return { result: 'duplicate', notice: addressed };

  const [first, ...others] = [...known, desired].filter(({ occurredAt }) => occurredAt >= reopenedAt);
  if (first === undefined) return { result: 'outdated', notice: addressed };
  const { desired: best, superseded } = prevailing([first, ...others]);
  if (best === notice.desired) {
    const nothingNew = reopenedAt === notice.reopenedAt && same(superseded, notice.superseded);
    return { result: 'outdated', notice: nothingNew ? addressed : { ...addressed, reopenedAt, superseded } };
  }
  const informed = { ...addressed, reopenedAt, superseded };
  if (best.content === notice.desired?.content)
    return { result: 'unchanged', notice: carriedOn(informed, best) };
  return { result: 'accepted', notice: desiring(informed, best, now) };
};

const created = (notice: Notice, { request }: Incoming): Notice =>
  notice.version > 0 || request === undefined ? notice : { ...notice, request };

/** The notice with its visitor, unless one is known already. */
export const addressedTo = (notice: Notice, visitorId: string | undefined, now: number): Notice =>
  visitorId === undefined || notice.visitorId !== undefined ? notice : { ...notice, visitorId, dueAt: now };

/** The same is to be said under a newer status: what stands in the chat now speaks for that one. */
const carriedOn = (notice: Notice, desired: Desired): Notice => {
  const { observed, ...rest } = keepingTrack(notice);
  if (observed === undefined) return { ...rest, desired };
  return {
    ...rest,
    desired,
    observed: observed.text === desired.text ? { ...observed, status: desired.status } : observed,
  };
};

const same = (some: readonly Desired[], others: readonly Desired[]): boolean =>
  some.length === others.length &&
  some.every(({ precedence }, index) => precedence === others[index]?.precedence);
