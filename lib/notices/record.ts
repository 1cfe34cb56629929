import {
  type Desired,
  type Facts,
  isErased,
  logged,
  type Notice,
  newestOf,
  replacing,
  shows,
  stateOf,
} from './notice.ts';
import { contentOf, overridePrecedence, prevailing } from './precedence.ts';

/**
 * The notice with a new desired state, which replaces whatever held up the previous one. If it was due already, it
 * keeps its place in the queue, so that a notice that changes often is delivered as well. `now` in milliseconds since
 * 1970.
 */
export const desiring = (notice: Notice, desired: Desired, now: number, what: string): Notice => {
  const { hold: _, ...open } = notice;
  const dueAt = stateOf(notice) === 'pending' ? Math.min(notice.dueAt, now) : now;
  const changed = { ...replacing({ ...open, desired }), revision: notice.revision + 1, dueAt, attempts: 0 };
  return logged(changed, now, what);
};

/** What an event says besides its desired state. */
export interface Account {
  /** Absent if the visitor must be known from the notice or its order. */
  visitorId?: string | undefined;
  /** Adds the facts that the event names; returns the same object if nothing is new. */
  learn?: ((known: Facts) => Facts) | undefined;
  /** Adds the facts of its order to those of a parcel or a refund. */
  inherit?: ((own: Facts, ofOrder: Facts) => Facts) | undefined;
  /** Makes a text from what its event said, this one or an earlier one, and the known facts. */
  complete?: ((desired: Desired, known: Facts) => Desired) | undefined;
}

/** A desired state for a notice. */
export interface Incoming extends Account {
  reference: string;
  /** The order whose visitor and facts the notice shares. Absent if the notice is the order's own, or belongs to none. */
  order?: string | undefined;
  /** Adds the facts about that order. */
  learnOrder?: Account['learn'];
  /** Restarts the ranks of the statuses: events from before are ignored. */
  reopens: boolean;
  /** Hash of the HTTP request. A notice keeps the hash of the request that created it. */
  request?: string | undefined;
  desired: Desired;
}

/**
 * The result of recording a desired state: `accepted` changes the desired state; `unchanged` has the same content;
 * `duplicate` was recorded before; `outdated` loses to a newer state, or comes while the visitor is being erased;
 * `misaddressed` names another visitor than the notice and is refused, so that nobody reads another customer's
 * messages.
 */
export type RecordResult = 'accepted' | 'unchanged' | 'duplicate' | 'outdated' | 'misaddressed';

export interface Recorded {
  result: RecordResult;
  /** The same object as passed in, if nothing changed. */
  notice: Notice;
}

/** Records a desired state in its notice. `now` in milliseconds since 1970. */
export const record = (notice: Notice, incoming: Incoming, now: number): Recorded => {
  const { visitorId, reopens, complete } = incoming;
  if (isErased(notice, incoming.desired.occurredAt)) return { result: 'outdated', notice };
  if (isForAnother(notice, visitorId)) return { result: 'misaddressed', notice };
  const addressed = introducedTo(created(notice, incoming), incoming, now);
  const { desired: standing, facts } = addressed;
  const isAddressed = addressed.visitorId !== undefined;
  const desired = (isAddressed && complete?.(incoming.desired, facts)) || incoming.desired;
  const reopenedAt = reopens ? Math.max(notice.reopenedAt, desired.occurredAt) : notice.reopenedAt;
  const known = [standing, ...addressed.superseded].filter((state) => state !== undefined);
  const isKnown = known.some(({ precedence }) => precedence === desired.precedence);
  if (isKnown && reopenedAt === notice.reopenedAt) return { result: 'duplicate', notice: addressed };

  const [first, ...others] = [...known, desired].filter(({ occurredAt }) => occurredAt >= reopenedAt);
  if (first === undefined) return { result: 'outdated', notice: addressed };
  const { desired: best, superseded } = prevailing([first, ...others]);
  if (best === standing) {
    const nothingNew = reopenedAt === notice.reopenedAt && !superseded.includes(desired);
    return { result: 'outdated', notice: nothingNew ? addressed : { ...addressed, reopenedAt, superseded } };
  }
  const ranked = { ...addressed, reopenedAt, superseded };
  if (standing?.content === best.content && !isRevived(notice.hold, standing, best, now))
    return { result: 'unchanged', notice: carriedOn(ranked, best) };
  return { result: 'accepted', notice: desiring(ranked, best, now, 'accepted') };
};

/** Whether the text that was too late to post is desired again in time. A text that an operator dropped is not. */
const isRevived = (hold: Notice['hold'], late: Desired, again: Desired, now: number): boolean =>
  hold?.kind === 'expired' && late.postBy < now && again.postBy >= now;

const created = (notice: Notice, { request }: Incoming): Notice =>
  notice.version > 0 || request === undefined ? notice : { ...notice, request };

/** Whether an event names another visitor than the notice. */
export const isForAnother = (notice: Notice, visitorId: string | undefined): boolean =>
  visitorId !== undefined && notice.visitorId !== undefined && visitorId !== notice.visitorId;

/** The notice with the facts of an event, and with its visitor, for whom the text that waited is completed. */
export const introducedTo = (notice: Notice, account: Account, now: number): Notice => {
  const { visitorId, learn, complete } = account;
  const facts = learn?.(notice.facts) ?? notice.facts;
  const informed = facts === notice.facts ? notice : { ...notice, facts };
  if (visitorId === undefined || notice.visitorId !== undefined) return informed;
  const completed = (desired: Desired) => complete?.(desired, facts) ?? desired;
  const desired = notice.desired && completed(notice.desired);
  return { ...informed, visitorId, dueAt: now, desired, superseded: notice.superseded.map(completed) };
};

/** The same text is desired for a newer status: the existing message now stands for that status. */
const carriedOn = (notice: Notice, desired: Desired): Notice =>
  replacing({ ...(shows(newestOf(notice), desired) ? speakingFor(notice, desired) : notice), desired });

/** The notice, with its newest message treated as if it were sent for this status. */
export const speakingFor = (notice: Notice, { status }: Desired): Notice => {
  const newest = newestOf(notice);
  return {
    ...notice,
    messages: notice.messages.map((message) => (message === newest ? { ...message, status } : message)),
  };
};

/**
 * Withdraws a notice because of an event: all its messages will be deleted, and a message that is being posted will
 * be deleted too. The withdrawal overrides every event of the current status; a later status is sent as a new
 * message. If the notice does not exist yet, it is stored as withdrawn. Times in milliseconds since 1970.
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

/** The desired state that wants no message in the chat for the current status. */
export const nothingAt = ({ desired }: Notice, occurredAt: number, precedence: string): Desired => ({
  status: desired?.status ?? '',
  policy: desired?.policy ?? 'append',
  priority: desired?.priority ?? 1,
  occurredAt,
  postBy: occurredAt,
  precedence,
  content: contentOf(undefined),
});

/**
 * The notice with an empty desired state, and all its messages marked for deletion. `now` in milliseconds since 1970.
 */
export const takenBack = (notice: Notice, nothing: Desired, now: number): Notice => {
  if (isBare(notice)) return { ...notice, desired: nothing };
  const { call, ...withdrawn } = desiring(notice, nothing, now, 'withdrawn');
  return {
    ...withdrawn,
    messages: notice.messages.map((message) => ({ ...message, keep: false })),
    ...(call === undefined ? {} : { call: { ...call, keep: false } }),
    // For an unknown notice, the withdrawal covers everything that occurred before, whatever its status.
    reopenedAt:
      notice.desired === undefined ? Math.max(notice.reopenedAt, nothing.occurredAt) : notice.reopenedAt,
  };
};

/** Whether no message is in the chat or desired; one that is being posted will be deleted. */
const isBare = ({ desired, messages, hold }: Notice): boolean =>
  desired !== undefined &&
  desired.text === undefined &&
  !messages.some(({ keep }) => keep) &&
  hold === undefined;
