import { inFlight, type Notice, nextStep, observedFor, type Step } from './notice.ts';
import { removeUnsettled } from './override.ts';

/**
 * The exclusive right to call Brevo for one notice. It must outlast the function that holds it. Times in milliseconds
 * since 1970.
 */
export interface Lease {
  id: string;
  until: number;
}

/** What happens to a post whose outcome is unknown: an operator decides, or it is sent again. */
export type OnUnknownOutcome = 'hold' | 'resend';

/** The time of an action, and the settings it depends on. */
export interface Moment {
  /** Milliseconds since 1970. */
  now: number;
  onUnknownOutcome: OnUnknownOutcome;
  /** From 0 to below 1. */
  random: () => number;
}

/** Cool-down after a call whose outcome is unknown: nothing is sent for this long. Milliseconds. */
const cooldownMs = 60_000;

/** The longest pause between two attempts. Milliseconds. */
const longestPauseMs = 15 * 60_000;

/**
 * Takes the lease for the notice's next step, or continues with the lease that this worker already holds. Returns no
 * step if there is nothing to do yet, or if another worker holds the lease. Even then the returned notice may have
 * changed: a lease that ran out is removed, and a post that is too late is marked as expired.
 */
export const claim = (notice: Notice, lease: Lease, moment: Moment): { notice: Notice; step?: Step } => {
  const { now } = moment;
  const isOurs = notice.lease?.id === lease.id;
  const free = isOurs ? released(notice) : recovered(notice, moment);
  if (free.lease !== undefined) return { notice };
  const current = tooLate(free, now) ? { ...free, expired: true } : free;
  const step = nextStep(current);
  if (step === undefined || dueAt(current) > now) return { notice: current };
  // A lease whose note is about an older desired state is written again for the current one.
  const isGood = isOurs && current === free && notice.lease?.revision === undefined;
  return { notice: isGood ? notice : { ...current, lease }, step };
};

/** When the next step of the notice may be taken. */
export const dueAt = ({ dueAt, cooldownUntil }: Notice): number => Math.max(dueAt, cooldownUntil);

/** The notice without the lease, if it has this id. */
export const giveBack = (notice: Notice, leaseId: string): Notice =>
  notice.lease?.id === leaseId ? released(notice) : notice;

/** The notice without its lease. */
export const released = ({ lease: _, ...free }: Notice): Notice => free;

const tooLate = (notice: Notice, now: number): boolean =>
  nextStep(notice)?.kind === 'post' && notice.desired !== undefined && notice.desired.postBy < now;

/**
 * A worker that disappeared during a call may have made it, so its outcome is unknown: a post must not be repeated
 * blindly, an edit may have changed the text, a deletion is simply repeated.
 */
const recovered = (notice: Notice, moment: Moment): Notice => {
  const { lease, ...free } = notice;
  if (lease === undefined || lease.until > moment.now) return notice;
  const step = inFlight(notice);
  if (step !== 'post') return step === 'edit' ? unsureOfText(free) : free;
  const revision = lease.revision ?? notice.revision;
  return uncertain(
    free,
    { revision, at: lease.until, reason: 'the function stopped during the call, the outcome is unknown' },
    moment,
  );
};

/** The outcome of a call: Brevo's answer, or why there is none. */
export type Outcome =
  | { kind: 'posted'; messageId: string }
  | { kind: 'edited' }
  | { kind: 'deleted' }
  /** The message to be edited no longer exists. */
  | { kind: 'missing' }
  /** Brevo refused the call, and would refuse it again. */
  | { kind: 'refused'; reason: string }
  /**
   * The call certainly had no effect and can be repeated: after a pause, or with `isBusy` as soon as the budget
   * allows.
   */
  | { kind: 'no-effect'; reason: string; isBusy: boolean }
  /** The call may or may not have taken effect. */
  | { kind: 'unknown'; reason: string };

/**
 * Writes the outcome of a claimed step into the notice, which may have accepted newer desired states in the meantime.
 * @param claimed the notice as it was when the step began
 * @returns undefined if the lease is no longer held, because another worker took it over
 */
export const settle = (
  notice: Notice,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
  moment: Moment,
): Notice | undefined => {
  if (notice.lease?.id !== claimed.notice.lease?.id) return undefined;
  const free = released(notice);
  const { step } = claimed;
  const { revision } = claimed.notice;
  const { now } = moment;
  switch (outcome.kind) {
    case 'posted':
      return progressed(posted(free, claimed, outcome.messageId, now));
    case 'edited':
      return progressed(edited(free, claimed));
    case 'deleted':
    case 'missing':
      return progressed(without(free, step));
    case 'refused': {
      const { reason } = outcome;
      const refusal = { at: now, reason, step: step.kind };
      return notice.revision > revision ? free : { ...free, refusal, lastError: reason };
    }
    case 'no-effect':
      return outcome.isBusy ? { ...free, lastError: outcome.reason } : later(free, outcome.reason, moment);
    case 'unknown': {
      const { reason } = outcome;
      if (step.kind === 'post') return uncertain(free, { revision, at: now, reason }, moment);
      const unsure = step.kind === 'edit' ? unsureOfText(free) : free;
      // Repeating an edit or a deletion is harmless once the first call can no longer take effect after the second.
      return { ...later(unsure, reason, moment), cooldownUntil: now + cooldownMs };
    }
  }
};

/** The notice after an edit of unknown outcome: the text of its newest message is forgotten, so that it is edited again. */
const unsureOfText = ({ observed, ...notice }: Notice): Notice => {
  if (observed === undefined) return notice;
  const { text: _, ...rest } = observed;
  return { ...notice, observed: rest };
};

const progressed = ({ lastError: _, ...notice }: Notice): Notice => ({
  ...notice,
  attempts: 0,
  cooldownUntil: 0,
});

/** The notice, due again after a pause that doubles with each attempt. Half of the pause is random. */
const later = (notice: Notice, reason: string, { now, random }: Moment): Notice => {
  const pause = Math.min(longestPauseMs, 15_000 * 2 ** notice.attempts);
  const dueAt = now + Math.round(pause * (0.5 + random() / 2));
  return { ...notice, attempts: notice.attempts + 1, dueAt, lastError: reason };
};

const edited = (notice: Notice, { notice: claimed, step }: { notice: Notice; step: Step }): Notice => {
  // If the message is to be deleted in the meantime, it no longer represents the notice.
  if (step.kind !== 'edit' || !notice.messages.includes(step.messageId)) return notice;
  return { ...notice, ...observedFor(claimed, step.messageId) };
};

const posted = (
  notice: Notice,
  { notice: claimed, step }: { notice: Notice; step: Step },
  id: string,
  now: number,
): Notice => {
  const pendingDeletes = notice.pendingDeletes.filter((other) => other !== id);
  if (claimed.revision < notice.withdrawnAt) return { ...notice, pendingDeletes: [...pendingDeletes, id] };
  const replaces = step.kind === 'post' && step.replaces;
  const shown = {
    ...notice,
    ...observedFor(claimed, id),
    messages: replaces ? [id] : [...notice.messages, id],
    pendingDeletes: replaces ? [...pendingDeletes, ...notice.messages] : pendingDeletes,
  };
  const isUnwanted = notice.pendingDeletes.includes(id);
  return isUnwanted ? removeUnsettled(shown, id, { desired: claimed.desired, now }) : shown;
};

const without = (notice: Notice, step: Step): Notice => {
  if (step.kind === 'post') return notice;
  const { observed, ...rest } = notice;
  const stays = (id: string) => id !== step.messageId;
  return {
    ...rest,
    // Without its newest message, the notice has nothing to edit, so its text is posted again.
    ...(observed === undefined || observed.messageId === step.messageId ? {} : { observed }),
    messages: notice.messages.filter(stays),
    pendingDeletes: notice.pendingDeletes.filter(stays),
  };
};

/**
 * If there is a newer desired state, it proceeds, and the post is remembered as an orphan that may be in the chat.
 * The cool-down ends when the post can no longer arrive.
 */
const uncertain = (
  notice: Notice,
  post: { revision: number; at: number; reason: string },
  moment: Moment,
): Notice => {
  const quiet = { ...notice, cooldownUntil: post.at + cooldownMs, lastError: post.reason };
  if (notice.revision > post.revision) {
    return { ...quiet, orphans: [...notice.orphans, { revision: post.revision, at: post.at }] };
  }
  return moment.onUnknownOutcome === 'hold'
    ? { ...quiet, unknown: post }
    : { ...later(quiet, post.reason, moment), cooldownUntil: quiet.cooldownUntil };
};
