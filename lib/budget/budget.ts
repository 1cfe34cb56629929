import * as z from 'zod/mini';
import type { RateLimit } from '../brevo/rate-limit.ts';

/** Who may spend requests: presence first, a few are kept for the HTTP API, messages take the rest. */
export type Lane = 'presence' | 'http' | 'messages';

/** The request limit as configured; one that Brevo's answers name takes its place. */
export interface RequestPlan {
  /** Requests in a window. */
  limit: number;
  windowMs: number;
  /** Whether Brevo counts all requests together, or each endpoint's by themselves. */
  scope: 'account' | 'endpoint';
}

const bucket = z.object({
  /** Start of the bucket, milliseconds since 1970. */
  at: z.number(),
  presence: z._default(z.int(), 0),
  http: z._default(z.int(), 0),
  messages: z._default(z.int(), 0),
});

const meter = z.object({
  /** What was taken lately, oldest first. */
  buckets: z._default(z.array(bucket), []),
  /** The limit that Brevo names. */
  limit: z.optional(z.int()),
  /** Nothing may be sent before this moment: Brevo refused a request for there were too many. */
  closedUntil: z._default(z.number(), 0),
  /** Brevo named fewer requests left than the log says: no more than these until then. */
  allowance: z.optional(z.object({ remaining: z.int(), until: z.number() })),
});
export type Meter = z.output<typeof meter>;

/** The state of the request budget. Times are milliseconds since 1970. */
export const budgetSchema = z.object({
  version: z._default(z.int(), 0),
  meters: z._default(z.record(z.string(), meter), {}),
  /** Brevo does not let the bridge in, or fails again and again: only a probe is sent, once in a while. */
  paused: z.optional(
    z.object({ since: z.number(), reason: z.enum(['unauthorised', 'unavailable']), probeAt: z.number() }),
  ),
  /** Calls in a row that failed. */
  failures: z._default(z.int(), 0),
  /** Notices wait for budget: what arrives newly has to queue up behind them. */
  backlog: z._default(z.boolean(), false),
  /** When each agent was last pinged. */
  pings: z._default(z.record(z.string(), z.number()), {}),
});
export type Budget = z.output<typeof budgetSchema>;

export const emptyBudget = (): Budget => budgetSchema.parse({});

const emptyMeter = (): Meter => meter.parse({});

/** So many requests of a window stay for the HTTP API. */
export const httpReserve = (limit: number): number => Math.ceil(limit * 0.03);

/** A window is counted in sixty buckets. */
const bucketMs = ({ windowMs }: RequestPlan): number => windowMs / 60;

/** Requests may arrive at Brevo later than they were counted here: this is how much later they still count. */
const slackMs = ({ windowMs }: RequestPlan): number => windowMs / 120;

/** The meter that counts an operation such as `POST /conversations/pushedMessages`. */
export const meterName = ({ scope }: RequestPlan, operation: string): string =>
  scope === 'account' ? 'account' : operation;

export const meterOf = (budget: Budget, name: string): Meter => budget.meters[name] ?? emptyMeter();

const countOf = ({ presence, http, messages }: Meter['buckets'][number]): number =>
  presence + http + messages;

/** The moment from which a bucket's requests are outside of every window that Brevo may be counting in. */
const forgottenAt = (plan: RequestPlan, at: number): number =>
  at + bucketMs(plan) + plan.windowMs + slackMs(plan);

export const limitOf = (plan: RequestPlan, { limit }: Meter): number => limit ?? plan.limit;

/** Requests that Brevo may still count at a moment. */
export const countedAt = (plan: RequestPlan, { buckets }: Meter, moment: number): number =>
  buckets.reduce((sum, each) => (forgottenAt(plan, each.at) > moment ? sum + countOf(each) : sum), 0);

/** Requests that could be sent now, were nothing kept for anybody. */
export const freeNow = (plan: RequestPlan, meter: Meter, now: number): number => {
  if (meter.closedUntil > now) return 0;
  const { allowance } = meter;
  const left =
    allowance !== undefined && allowance.until > now ? allowance.remaining : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(left, limitOf(plan, meter) - countedAt(plan, meter, now)));
};

/** How presence will need requests: the pings in each bucket's length from now on, summed up. */
export type Upcoming = (now: number, stepMs: number, steps: number) => number[];

/**
 * Whether a lane may take a request now. Messages and HTTP must leave, at every moment of the window to come, what
 * presence will need by then: a shift that starts in half an hour counts already.
 */
export const mayTake = (
  { plan, upcoming }: { plan: RequestPlan; upcoming: Upcoming },
  meter: Meter,
  lane: Lane,
  now: number,
): boolean => {
  const free = freeNow(plan, meter, now);
  if (lane === 'presence') return free >= 1;
  const kept = lane === 'messages' ? httpReserve(limitOf(plan, meter)) : 0;
  if (free < 1 + kept) return false;
  const step = bucketMs(plan);
  const room = limitOf(plan, meter) - kept - 1;
  const counted = countedLater(plan, meter, now);
  return upcoming(now, step, stepsAhead).every((needed, index) => (counted[index] ?? 0) + needed <= room);
};

/**
 * How long until a lane could take a request, if nobody takes one before it. Milliseconds, in steps of a bucket's length,
 * and no longer than a request counts.
 */
export const freeAfter = (
  scheme: { plan: RequestPlan; upcoming: Upcoming },
  { budget, meter }: { budget: Budget; meter: Meter },
  lane: Lane,
  now: number,
): number => {
  const step = bucketMs(scheme.plan);
  for (let steps = 0; steps < stepsAhead; steps++) {
    const then = now + steps * step;
    if (mayPass(budget, lane, then) && mayTake(scheme, meter, lane, then)) return then - now;
  }
  return stepsAhead * step;
};

/** A request that is taken now counts for a little less than so many buckets' lengths. */
const stepsAhead = 62;

/** Of what counts now, what will count still after one, two … buckets' lengths. */
const countedLater = (plan: RequestPlan, { buckets }: Meter, now: number): number[] => {
  const later = Array.from({ length: stepsAhead }, () => 0);
  for (const each of buckets) {
    const lasts = Math.ceil((forgottenAt(plan, each.at) - now) / bucketMs(plan)) - 1;
    for (let index = 0; index < Math.min(stepsAhead, lasts); index++)
      later[index] = (later[index] ?? 0) + countOf(each);
  }
  return later;
};

/** The meter with some requests taken, and what can never count again forgotten. */
export const taken = (plan: RequestPlan, meter: Meter, lane: Lane, count: number, now: number): Meter => {
  const at = Math.floor(now / bucketMs(plan)) * bucketMs(plan);
  const buckets = meter.buckets.filter((each) => forgottenAt(plan, each.at) > now);
  const current = buckets.find((each) => each.at === at) ?? { at, presence: 0, http: 0, messages: 0 };
  const { allowance } = meter;
  return {
    ...meter,
    buckets: [...buckets.filter((each) => each.at !== at), { ...current, [lane]: current[lane] + count }],
    ...(allowance === undefined
      ? {}
      : { allowance: { ...allowance, remaining: allowance.remaining - count } }),
  };
};

/**
 * What Brevo's headers teach. They only ever lower what is free, until their reset; a limit they name takes the place
 * of the known one.
 */
export const learned = (plan: RequestPlan, meter: Meter, rateLimit: RateLimit, now: number): Meter => {
  const { limit = limitOf(plan, meter), remaining, resetSeconds } = rateLimit;
  const named = limit === limitOf(plan, meter) ? meter : { ...meter, limit };
  if (remaining === undefined || remaining >= freeNow(plan, named, now)) return named;
  const until = now + (resetSeconds === undefined ? plan.windowMs : resetSeconds * 1000);
  return { ...named, allowance: { remaining, until } };
};

/** How long it stays closed if Brevo refused a request and did not say for how long. */
const closedWithoutReset = (plan: RequestPlan): number => bucketMs(plan);

/** The meter after a 429. */
export const closed = (plan: RequestPlan, meter: Meter, { resetSeconds }: RateLimit, now: number): Meter => {
  const length = resetSeconds === undefined ? closedWithoutReset(plan) : resetSeconds * 1000;
  return { ...meter, closedUntil: Math.max(meter.closedUntil, now + length) };
};

/** After so many failures in a row nothing but probes is sent. */
const failuresToPause = 5;

/** How long after a pause began, or a probe failed, the next probe is sent. Milliseconds. */
const probeAfterMs = 2 * 60_000;

/** A ping is the better probe, for it may come twice: a message probes only where no ping did. Milliseconds. */
const messageProbesAfterMs = 60_000;

/** Whether anything may be sent at all: while the budget is paused, a probe alone, once in a while. */
export const mayPass = ({ paused }: Budget, lane: Lane, now: number): boolean =>
  paused === undefined || paused.probeAt + (lane === 'presence' ? 0 : messageProbesAfterMs) <= now;

/** The budget after something was let pass: the next probe has to wait again. */
export const passed = (budget: Budget, now: number): Budget =>
  budget.paused === undefined
    ? budget
    : { ...budget, paused: { ...budget.paused, probeAt: now + probeAfterMs } };

/** What an answer says about Brevo as a whole. */
export type Health = 'well' | 'unauthorised' | 'unavailable';

/** The budget after an answer: paused when Brevo does not let the bridge in or keeps failing, open again when it answers. */
export const heard = (budget: Budget, health: Health, now: number): Budget => {
  const { paused, ...rest } = budget;
  if (health === 'well')
    return paused === undefined && budget.failures === 0 ? budget : { ...rest, failures: 0 };
  const failures = health === 'unavailable' ? budget.failures + 1 : budget.failures;
  const pauses = health === 'unauthorised' || failures >= failuresToPause;
  if (!pauses) return { ...budget, failures };
  return {
    ...rest,
    failures,
    paused: { since: paused?.since ?? now, reason: health, probeAt: now + probeAfterMs },
  };
};
