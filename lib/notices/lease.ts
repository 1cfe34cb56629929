import { isDeepStrictEqual } from 'node:util';
import {
  type Call,
  type Desired,
  isUnconfirmed,
  logged,
  type Message,
  type Notice,
  newestOf,
  nextStep,
  replacing,
  type Step,
  shows,
} from './notice.ts';
import { overriddenAt } from './precedence.ts';

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

/** The one call that a worker may make. */
export interface Claimed {
  call: Call;
  step: Step;
}

/**
 * Takes the lease for the notice's next step, or continues with the lease that this worker already holds. Returns no
 * step if there is nothing to do yet, or if another worker holds the lease. Even then the returned notice may have
 * changed: the call of a lease that ran out has an unknown outcome, and a post that is too late is held as expired.
 */
export const claim = (
  notice: Notice,
  lease: Lease,
  moment: Moment,
): { notice: Notice; claimed?: Claimed } => {
  const held = notice.call?.lease === lease.id ? notice.call : undefined;
  const free = held === undefined ? recovered(notice, moment) : released(notice);
  if (free.call !== undefined) return { notice };
  const next = takeUp(heldAgain(free, moment), lease, moment.now);
  if (held === undefined || next.claimed === undefined) return next;
  const { call, step } = next.claimed;
  const isSame = isDeepStrictEqual({ ...call, until: held.until }, held);
  return isSame ? { notice, claimed: { call: held, step } } : next;
};

/**
 * The unconfirmed message that the next post would repeat: an event desires its text again, and no other message has
 * followed. Undefined if there is none. An operator's text is posted in any case.
 */
export const doubtRepeated = (notice: Notice): Message | undefined => {
  const { desired, messages } = notice;
  const last = messages.at(-1);
  if (desired === undefined || last === undefined || !isUnconfirmed(last)) return undefined;
  const isSame = last.text === desired.text && last.status === desired.status;
  const isRepeated = isSame && overriddenAt(desired) === undefined && nextStep(notice)?.kind === 'post';
  return isRepeated ? last : undefined;
};

/** The notice, held for an operator again if its next post would repeat one of unknown outcome. */
const heldAgain = (notice: Notice, { now, onUnknownOutcome }: Moment): Notice => {
  const doubt = doubtRepeated(notice);
  if (doubt === undefined || onUnknownOutcome !== 'hold') return notice;
  const reason = 'the same text was posted before, and the outcome is unknown';
  const messages = notice.messages.with(-1, { ...doubt, keep: true });
  return logged({ ...notice, messages, hold: { kind: 'unknown', at: now, reason } }, now, 'unknown');
};

/** Takes the lease for the next step of a notice whose lease is free. `now` in milliseconds since 1970. */
export const takeUp = (notice: Notice, lease: Lease, now: number): { notice: Notice; claimed?: Claimed } => {
  const current = tooLate(notice, now) ? expired(notice, now) : notice;
  const step = nextStep(current);
  if (step === undefined || current.desired === undefined || dueAt(current) > now) return { notice: current };
  const call = callFor(lease, step, current.desired);
  return { notice: { ...current, call }, claimed: { call, step } };
};

/** A call that is about to be made. A post of unknown outcome, or one that is deleted by id, learns its message later. */
export const callFor = (lease: Lease, step: Step | { kind: 'post' }, desired: Desired): Call => ({
  lease: lease.id,
  until: lease.until,
  step: step.kind,
  ...('messageId' in step ? { messageId: step.messageId } : {}),
  desired,
  keep: true,
});

/** When the next step of the notice may be taken. */
export const dueAt = ({ dueAt, cooldownUntil }: Notice): number => Math.max(dueAt, cooldownUntil);

/** The notice without the call of this lease. */
export const giveBack = (notice: Notice, leaseId: string): Notice =>
  notice.call?.lease === leaseId ? released(notice) : notice;

/** The notice without its call. */
export const released = ({ call: _, ...free }: Notice): Notice => free;

const tooLate = (notice: Notice, now: number): boolean =>
  nextStep(notice)?.kind === 'post' && notice.desired !== undefined && notice.desired.postBy < now;

const expired = (notice: Notice, now: number): Notice =>
  logged({ ...notice, hold: { kind: 'expired', at: now, reason: 'too late to post' } }, now, 'expired');

/** A worker that disappeared during a call may have made it, so its outcome is unknown. */
const recovered = (notice: Notice, moment: Moment): Notice => {
  const { call } = notice;
  if (call === undefined || call.until > moment.now) return notice;
  const reason = 'the function stopped during the call, the outcome is unknown';
  return settle(notice, call, { kind: 'unknown', reason }, { ...moment, now: call.until });
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
 * Writes the outcome of a call into the notice, which may have accepted newer desired states in the meantime. If the
 * lease ran out, another worker has already given the call an unknown outcome; what is known now corrects that.
 */
export const settle = (notice: Notice, made: Call, outcome: Outcome, moment: Moment): Notice => {
  const { call, ...free } = notice;
  const { now } = moment;
  if (call?.lease !== made.lease) return corrected(notice, made, outcome, now);
  switch (outcome.kind) {
    case 'posted':
      return progressed(postedAs(free, call, outcome.messageId), now, 'posted');
    case 'edited':
      return progressed(
        withMessage(free, call.messageId, ({ inDoubt: _, ...message }) => ({
          ...message,
          ...sayingOf(call),
        })),
        now,
        'edited',
      );
    case 'deleted':
    case 'missing':
      return progressed(without(free, call.messageId), now, outcome.kind);
    case 'refused': {
      const { reason } = outcome;
      const hold = { kind: 'refused', at: now, reason, step: call.step } as const;
      const known = logged({ ...free, lastError: reason }, now, 'refused');
      return isStillDesired(free, call) ? { ...known, hold } : known;
    }
    case 'no-effect':
      return outcome.isBusy ? { ...free, lastError: outcome.reason } : later(free, outcome.reason, moment);
    case 'unknown':
      return unknown(free, call, outcome.reason, moment);
  }
};

const sayingOf = ({ desired: { text = '', status } }: Call) => ({ text, status });

const isStillDesired = ({ desired }: Notice, call: Call): boolean =>
  desired?.content === call.desired.content;

const progressed = ({ lastError: _, ...notice }: Notice, now: number, what: string): Notice =>
  logged({ ...replacing(notice), attempts: 0, cooldownUntil: 0 }, now, what);

/** The notice, due again after a pause that doubles with each attempt. Half of the pause is random. */
const later = (notice: Notice, reason: string, { now, random }: Moment): Notice => {
  const pause = Math.min(longestPauseMs, 15_000 * 2 ** notice.attempts);
  const dueAt = now + Math.round(pause * (0.5 + random() / 2));
  return { ...notice, attempts: notice.attempts + 1, dueAt, lastError: reason };
};

const withMessage = (
  notice: Notice,
  id: string | undefined,
  change: (message: Message) => Message,
): Notice => ({
  ...notice,
  messages: notice.messages.map((message) => (message.id === id ? change(message) : message)),
});

const without = (notice: Notice, id: string | undefined): Notice => ({
  ...notice,
  messages: notice.messages.filter((message) => message.id !== id),
});

const posted = (notice: Notice, call: Call, id: string): Notice => ({
  ...notice,
  messages: [...notice.messages, { id, ...sayingOf(call), keep: call.keep }],
});

/**
 * If the call was said to have sent another message than Brevo's answer names, that one comes from an earlier post of
 * the same text, and is one too many.
 */
const postedAs = (notice: Notice, call: Call, id: string): Notice => {
  const earlier = call.messageId;
  if (earlier === undefined || earlier === id) return posted(notice, call, id);
  const { text, status } = sayingOf(call);
  const lost = notice.messages.findLast((message) => isUnconfirmed(message) && message.text === text);
  const needless = { id: earlier, text, status, keep: false };
  const messages = [...notice.messages.filter((message) => message !== lost), needless];
  return posted({ ...notice, messages }, { ...call, keep: call.keep || isStillDesired(notice, call) }, id);
};

/**
 * After a cool-down, an edit or a deletion is repeated, which does no harm. A post is held, unless it may be sent again
 * or a newer desired state is there. The message that it may have sent is remembered.
 */
const unknown = (notice: Notice, call: Call, reason: string, moment: Moment): Notice => {
  const { now } = moment;
  const { messageId } = call;
  if (call.step === 'post' && messageId !== undefined)
    return progressed(posted(notice, call, messageId), now, 'posted');
  const quiet = logged({ ...later(notice, reason, moment), cooldownUntil: now + cooldownMs }, now, 'unknown');
  if (call.step === 'delete') return quiet;
  if (call.step === 'edit') return withMessage(quiet, messageId, inDoubt);
  const lost: Message = { ...sayingOf(call), keep: call.keep, inDoubt: true };
  const remembered = { ...quiet, messages: [...quiet.messages, lost] };
  const isHeld = isStillDesired(notice, call) && moment.onUnknownOutcome === 'hold';
  return isHeld ? { ...remembered, hold: { kind: 'unknown', at: now, reason } } : remembered;
};

const inDoubt = (message: Message): Message => ({ ...message, inDoubt: true });

/** The notice, once the real outcome of a call becomes known after its lease ran out. */
const corrected = (notice: Notice, call: Call, outcome: Outcome, now: number): Notice => {
  const { text, status } = sayingOf(call);
  switch (outcome.kind) {
    case 'posted':
      return proven(notice, { id: outcome.messageId, text, status }, now);
    case 'edited': {
      // The call may have taken effect after a newer edit, so that the message is edited again.
      const doubted = (message: Message) => (message.text === text ? message : inDoubt(message));
      return { ...withMessage(notice, call.messageId, doubted), dueAt: now };
    }
    case 'deleted':
    case 'missing':
      return without(notice, call.messageId);
    case 'refused':
    case 'no-effect':
    case 'unknown':
      return notice;
  }
};

/**
 * The notice, once it is known that a message with this id is in the chat. If the newest message says the same, or if
 * another text is desired for its status, it is one too many. `now` in milliseconds since 1970.
 */
export const proven = (
  notice: Notice,
  { id, text, status }: { id: string; text: string; status: string },
  now: number,
): Notice => {
  if (notice.messages.some((message) => message.id === id)) return notice;
  const { hold, ...open } = notice;
  const index = notice.messages.findLastIndex(
    (message) => isUnconfirmed(message) && message.text === text && message.status === status,
  );
  const { desired } = notice;
  const isEarlier = notice.messages[index]?.keep === true && status !== desired?.status;
  const isWanted = (text === desired?.text || isEarlier) && newestOf(notice)?.text !== text;
  const message = { id, text, status, keep: isWanted };
  const messages = index === -1 ? [...notice.messages, message] : notice.messages.with(index, message);
  const known = logged({ ...replacing({ ...open, messages }), dueAt: now }, now, 'posted');
  return shows(newestOf(known), desired) ? known : { ...known, hold };
};
