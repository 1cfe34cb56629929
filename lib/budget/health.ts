/** Whether Brevo is well, what may be sent while it is not, and when a lane may send again. */
import {
  type Budget,
  type Lane,
  type Meter,
  mayTake,
  type RequestPlan,
  stepMs,
  stepsAhead,
  type Upcoming,
} from './budget.ts';

/** Number of failures, or of refused messages, in a row after which only probes are sent. */
const tooMany = 5;

/** Time from the start of a pause, or from a failed probe, to the next probe. Milliseconds. */
const probeAfterMs = 2 * 60_000;

/**
 * A message probes this much later than a ping. A ping is the better probe, because a second one does no harm.
 * Milliseconds.
 */
const messageProbesAfterMs = 60_000;

/** The pause that holds up a lane. One for refused messages holds up messages alone, and they must probe themselves. */
export const pauseOf = ({ paused }: Budget, lane: Lane): Budget['paused'] =>
  paused?.reason === 'refused' && lane !== 'messages' ? undefined : paused;

/** Whether a lane may send anything at all. While it is paused, it may only send a probe. */
export const mayPass = (budget: Budget, lane: Lane, now: number): boolean => {
  const paused = pauseOf(budget, lane);
  if (paused === undefined) return true;
  const isFirstToProbe = lane === 'presence' || paused.reason === 'refused';
  return paused.probeAt + (isFirstToProbe ? 0 : messageProbesAfterMs) <= now;
};

/** The budget after a request was let through. Delays the next probe. */
export const passed = (budget: Budget, lane: Lane, now: number): Budget => {
  const paused = pauseOf(budget, lane);
  return paused === undefined ? budget : { ...budget, paused: { ...paused, probeAt: now + probeAfterMs } };
};

/**
 * What an answer says about Brevo as a whole. `accepted` and `refused` are about a message. `well` is about anything
 * else, so it does not say whether Brevo accepts messages.
 */
export type Health = 'well' | 'accepted' | 'refused' | 'unauthorised' | 'unavailable';

/**
 * The budget after an answer. It pauses when Brevo denies access, keeps failing or refuses one message after another.
 * It resumes when Brevo answers; after refusals, when Brevo accepts a message.
 */
export const withHealth = (budget: Budget, health: Health, now: number): Budget => {
  const { paused, ...rest } = budget;
  const isAnswer = health !== 'unauthorised' && health !== 'unavailable';
  const failures = isAnswer ? 0 : budget.failures + Number(health === 'unavailable');
  const refusals = health === 'accepted' ? 0 : budget.refusals + Number(health === 'refused');
  const pauses =
    health === 'unauthorised' ||
    (health === 'unavailable' && failures >= tooMany) ||
    (health === 'refused' && refusals >= tooMany);
  if (pauses) {
    const since = paused?.since ?? now;
    return { ...rest, failures, refusals, paused: { since, reason: health, probeAt: now + probeAfterMs } };
  }
  const resumes = paused?.reason === 'refused' ? health === 'accepted' : isAnswer;
  const isNews = failures !== budget.failures || refusals !== budget.refusals;
  if (paused !== undefined && resumes) return { ...rest, failures, refusals };
  return isNews ? { ...budget, failures, refusals } : budget;
};

/** What went wrong with a call. */
export type Fault = 'rate-limited' | 'unauthorised' | 'unavailable' | 'not-sent' | 'refused';

/** What a failed call says about Brevo as a whole, or a call that did not fail. */
export const healthAfter = (fault: Fault | undefined): Health => {
  switch (fault) {
    case 'unauthorised':
    case 'unavailable':
    case 'refused':
      return fault;
    case 'not-sent':
      return 'unavailable';
    case 'rate-limited':
    case undefined:
      return 'well';
  }
};

/**
 * Time until a lane could take a request if nobody else takes one first. Milliseconds, in steps of a sixtieth of the window, and at
 * most the time for which a request counts.
 */
export const freeAfter = (
  scheme: { plan: RequestPlan; upcoming: Upcoming },
  { budget, meter }: { budget: Budget; meter: Meter },
  lane: Lane,
  now: number,
): number => {
  const step = stepMs(scheme.plan);
  for (let steps = 0; steps < stepsAhead; steps++) {
    const then = now + steps * step;
    if (mayPass(budget, lane, then) && mayTake(scheme, meter, lane, then)) return then - now;
  }
  return stepsAhead * step;
};
