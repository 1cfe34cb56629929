import { desiring, keepingTrack } from './desire.ts';
import type { Notice, Wish } from './notice.ts';
import { prevailing } from './precedence.ts';

/** A wish on its way into its notice. */
export interface NewWish {
  reference: string;
  /** The order whose visitor this subject shares; absent where the subject is the order itself or none. */
  order?: string | undefined;
  /** Absent: the notice, or the order, must know. */
  visitorId?: string | undefined;
  /** Starts the ranks of the statuses anew: what occurred before no longer counts. */
  reopens: boolean;
  /** Hash of the HTTP request that asks for it; a notice keeps that of the one it was created by. */
  request?: string | undefined;
  wish: Wish;
}

/**
 * What became of a wish: `accepted` changes what is desired; `unchanged` says the same again; `duplicate` was seen
 * before; `outdated` comes after something newer, or while the visitor is being erased; `misaddressed` names another visitor than the notice's and was
 * refused, so that nobody reads what is another's.
 */
export type RecordResult = 'accepted' | 'unchanged' | 'duplicate' | 'outdated' | 'misaddressed';

export interface Recorded {
  result: RecordResult;
  /** The very object passed in, if nothing changed. */
  notice: Notice;
}

/** Takes a wish into its notice. `now` in milliseconds since 1970. */
export const record = (notice: Notice, newWish: NewWish, now: number): Recorded => {
  const { wish, visitorId, reopens } = newWish;
  if (notice.erasing === true) return { result: 'outdated', notice };
  if (visitorId !== undefined && notice.visitorId !== undefined && visitorId !== notice.visitorId) {
    return { result: 'misaddressed', notice };
  }
  const addressed = addressedTo(created(notice, newWish), visitorId, now);
  const reopenedAt = reopens ? Math.max(notice.reopenedAt, wish.occurredAt) : notice.reopenedAt;
  const known = notice.wish === undefined ? [] : [notice.wish, ...notice.overtaken];
  const isKnown = known.some(({ precedence }) => precedence === wish.precedence);
  if (isKnown && reopenedAt === notice.reopenedAt) return { result: 'duplicate', notice: addressed };

  const [first, ...others] = [...known, wish].filter(({ occurredAt }) => occurredAt >= reopenedAt);
  if (first === undefined) return { result: 'outdated', notice: addressed };
  const { wish: best, overtaken } = prevailing([first, ...others]);
  if (best === notice.wish) {
    const nothingNew = reopenedAt === notice.reopenedAt && same(overtaken, notice.overtaken);
    return { result: 'outdated', notice: nothingNew ? addressed : { ...addressed, reopenedAt, overtaken } };
  }
  const informed = { ...addressed, reopenedAt, overtaken };
  if (best.content === notice.wish?.content)
    return { result: 'unchanged', notice: carriedOn(informed, best) };
  return { result: 'accepted', notice: desiring(informed, best, now) };
};

const created = (notice: Notice, { request }: NewWish): Notice =>
  notice.version > 0 || request === undefined ? notice : { ...notice, request };

/** The notice with its visitor, unless one is known already. */
export const addressedTo = (notice: Notice, visitorId: string | undefined, now: number): Notice =>
  visitorId === undefined || notice.visitorId !== undefined ? notice : { ...notice, visitorId, dueAt: now };

/** The same is to be said under a newer status: what stands in the chat now speaks for that one. */
const carriedOn = (notice: Notice, wish: Wish): Notice => {
  const { applied, ...rest } = keepingTrack(notice);
  if (applied === undefined) return { ...rest, wish };
  return {
    ...rest,
    wish,
    applied: applied.text === wish.text ? { ...applied, status: wish.status } : applied,
  };
};

const same = (some: readonly Wish[], others: readonly Wish[]): boolean =>
  some.length === others.length &&
  some.every(({ precedence }, index) => precedence === others[index]?.precedence);
