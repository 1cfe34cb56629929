import { type Notice, nextStep, type Step } from './notice.ts';

/** The right to call Brevo for one notice. It must outlast the function that holds it. Times in milliseconds since 1970. */
export interface Lease {
  id: string;
  until: number;
}

/**
 * Takes the lease for the notice's next step, or goes on with one that is held already. The answer has no step where
 * there is nothing to do or somebody else is at it; its notice may still differ from the one passed in: a lease that
 * ran out is cleared away, and a post that comes too late is marked as expired.
 */
export const claim = (notice: Notice, lease: Lease, now: number): { notice: Notice; step?: Step } => {
  const isOurs = notice.lease?.id === lease.id;
  const free = isOurs ? released(notice) : recovered(notice, now);
  if (free.lease !== undefined) return { notice };
  const current = tooLate(free, now) ? { ...free, expired: true } : free;
  const step = nextStep(current);
  if (step === undefined) return { notice: current };
  return { notice: isOurs && current === free ? notice : { ...current, lease }, step };
};

/** The notice without the lease, if it is this one. */
export const giveBack = (notice: Notice, leaseId: string): Notice =>
  notice.lease?.id === leaseId ? released(notice) : notice;

const released = ({ lease: _, ...free }: Notice): Notice => free;

const tooLate = (notice: Notice, now: number): boolean =>
  nextStep(notice)?.kind === 'post' && notice.wish !== undefined && notice.wish.postBy < now;

/** A worker that vanished in the middle of a post may have sent it; any other call is simply made again. */
const recovered = (notice: Notice, now: number): Notice => {
  const { lease, ...free } = notice;
  if (lease === undefined || lease.until > now) return notice;
  const inFlight = lease.step ?? nextStep(free)?.kind;
  if (inFlight !== 'post') return free;
  const revision = lease.revision ?? notice.revision;
  return uncertain(free, { revision, at: lease.until, reason: 'the function stopped during the call' });
};

/** What came of the call: Brevo's answer, or the lack of one. */
export type Outcome =
  | { kind: 'posted'; messageId: string }
  | { kind: 'edited' }
  | { kind: 'deleted' }
  /** The message that was to be edited is not there any more. */
  | { kind: 'missing' }
  /** Brevo will not do it, whenever asked. */
  | { kind: 'refused'; reason: string }
  /** It certainly had no effect and may be tried again. */
  | { kind: 'not-applied'; reason: string }
  /** It may or may not have taken effect. */
  | { kind: 'unknown'; reason: string };

/**
 * Writes the outcome of a claimed step into the notice, which may have taken newer wishes meanwhile.
 * @param claimed the notice as it was when the step began
 * @returns nothing if the lease is no longer held: somebody else has judged that this worker is gone
 */
export const settle = (
  notice: Notice,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
  now: number,
): Notice | undefined => {
  if (notice.lease?.id !== claimed.notice.lease?.id) return undefined;
  const { lease: _, ...free } = notice;
  const { step } = claimed;
  const { revision } = claimed.notice;
  const superseded = notice.revision > revision;
  switch (outcome.kind) {
    case 'posted':
      return posted(free, claimed, outcome.messageId);
    case 'edited':
      return revision < notice.withdrawnAt ? free : { ...free, ...told(claimed.notice) };
    case 'deleted':
      return without(free, step);
    case 'missing':
      return without(free, step);
    case 'refused':
      return superseded ? free : { ...free, failure: { at: now, reason: outcome.reason } };
    case 'not-applied':
      return free;
    case 'unknown':
      // Repeating an edit or a deletion does no harm; repeating a post may say everything twice.
      return step.kind === 'post' ? uncertain(free, { revision, at: now, reason: outcome.reason }) : free;
  }
};

const told = ({ revision, wish }: Notice): Pick<Notice, 'applied'> =>
  wish?.text === undefined ? {} : { applied: { revision, status: wish.status, text: wish.text } };

const posted = (
  notice: Notice,
  { notice: claimed, step }: { notice: Notice; step: Step },
  id: string,
): Notice => {
  if (claimed.revision < notice.withdrawnAt) return { ...notice, surplus: [...notice.surplus, id] };
  const replaces = step.kind === 'post' && step.replaces;
  return {
    ...notice,
    ...told(claimed),
    messages: replaces ? [id] : [...notice.messages, id],
    surplus: replaces ? [...notice.surplus, ...notice.messages] : notice.surplus,
  };
};

const without = (notice: Notice, step: Step): Notice => {
  if (step.kind === 'post') return notice;
  const { applied, ...rest } = notice;
  const stays = (id: string) => id !== step.messageId;
  return {
    ...rest,
    // Without its newest message the notice has nothing to edit, and says what it has to say anew.
    ...(applied === undefined || notice.messages.at(-1) === step.messageId ? {} : { applied }),
    messages: notice.messages.filter(stays),
    surplus: notice.surplus.filter(stays),
  };
};

const uncertain = (notice: Notice, post: { revision: number; at: number; reason: string }): Notice =>
  notice.revision > post.revision
    ? { ...notice, orphans: [...notice.orphans, { revision: post.revision, at: post.at }] }
    : { ...notice, unknown: post };
