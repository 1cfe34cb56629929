import { type Desired, inFlight, type Notice } from './notice.ts';
import { contentOf, overridePrecedence, prevailing } from './precedence.ts';

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
