import { type Notice, nextStep, type Wish } from './notice.ts';
import { contentOf, prevailing, withdrawalPrecedence } from './precedence.ts';

/** A wish on its way into its notice. */
export interface NewWish {
  reference: string;
  /** The order whose visitor this subject shares; absent where the subject is the order itself or none. */
  order?: string | undefined;
  /** Absent: the notice, or the order, must know. */
  visitorId?: string | undefined;
  /** Starts the ranks of the statuses anew: what occurred before no longer counts. */
  reopens: boolean;
  wish: Wish;
}

/**
 * What became of a wish: `accepted` changes what is desired; `unchanged` says the same again; `duplicate` was seen
 * before; `outdated` comes after something newer; `misaddressed` names another visitor than the notice's and was
 * refused, so that nobody reads what is another's.
 */
export type RecordResult = 'accepted' | 'unchanged' | 'duplicate' | 'outdated' | 'misaddressed';

export interface Recorded {
  result: RecordResult;
  /** The very object passed in, if nothing changed. */
  notice: Notice;
}

/** Takes a wish into its notice. `now` in milliseconds since 1970. */
export const record = (notice: Notice, { wish, visitorId, reopens }: NewWish, now: number): Recorded => {
  if (visitorId !== undefined && notice.visitorId !== undefined && visitorId !== notice.visitorId) {
    return { result: 'misaddressed', notice };
  }
  const addressed = addressedTo(notice, visitorId, now);
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

/**
 * Withdraws a notice: all its messages are to be deleted, and what is on its way will be. It holds against every
 * event of the present status; a later status is told anew. A notice not known yet is remembered as withdrawn.
 */
export const withdraw = (notice: Notice, occurredAt: number, now: number): Recorded => {
  const standing = notice.wish;
  const precedence = withdrawalPrecedence(standing, occurredAt);
  if (standing?.precedence === precedence) return { result: 'duplicate', notice };
  if (standing !== undefined && occurredAt < standing.occurredAt) return { result: 'outdated', notice };
  if (standing === undefined && occurredAt < notice.reopenedAt) return { result: 'outdated', notice };
  const nothing: Wish = {
    status: standing?.status ?? '',
    policy: standing?.policy ?? 'append',
    priority: standing?.priority ?? 1,
    occurredAt,
    postBy: occurredAt,
    precedence,
    content: contentOf(undefined),
  };
  const { applied: _, ...desired } = desiring(notice, nothing, now);
  return {
    result: 'accepted',
    notice: {
      ...desired,
      messages: [],
      surplus: [...notice.surplus, ...notice.messages],
      withdrawnAt: desired.revision,
      reopenedAt: standing === undefined ? occurredAt : notice.reopenedAt,
    },
  };
};

/** The notice with its visitor, unless one is known already. */
export const addressedTo = (notice: Notice, visitorId: string | undefined, now: number): Notice =>
  visitorId === undefined || notice.visitorId !== undefined ? notice : { ...notice, visitorId, dueAt: now };

/** The same is to be said under a newer status: what stands in the chat now speaks for that one. */
const carriedOn = ({ applied, ...notice }: Notice, wish: Wish): Notice => {
  if (applied === undefined) return { ...notice, wish };
  return {
    ...notice,
    wish,
    applied: applied.text === wish.text ? { ...applied, status: wish.status } : applied,
  };
};

const desiring = (notice: Notice, wish: Wish, now: number): Notice => {
  const { unknown, failure: _, lease, ...rest } = notice;
  return {
    ...rest,
    wish,
    revision: notice.revision + 1,
    expired: false,
    dueAt: now,
    attempts: 0,
    orphans:
      unknown === undefined
        ? rest.orphans
        : [...rest.orphans, { revision: unknown.revision, at: unknown.at }],
    ...(lease === undefined
      ? {}
      : { lease: { revision: notice.revision, step: nextStep(notice)?.kind, ...lease } }),
  };
};

const same = (some: readonly Wish[], others: readonly Wish[]): boolean =>
  some.length === others.length &&
  some.every(({ precedence }, index) => precedence === others[index]?.precedence);
