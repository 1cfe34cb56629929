import * as z from 'zod/mini';
import type { RateLimit } from '../brevo/rate-limit.ts';

/**
 * Who spends requests. Presence comes first, a few requests are reserved for the HTTP API, and messages take the
 * rest.
 */
export type Lane = 'presence' | 'http' | 'messages';

/** The configured request limit. If Brevo's answers report another limit, that one applies. */
export interface RequestPlan {
  /** Requests in a window. */
  limit: number;
  windowMs: number;
  /** Whether Brevo counts all requests together, or those of each endpoint separately. */
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
  /** Requests taken recently, oldest first. */
  buckets: z._default(z.array(bucket), []),
  /** The limit that Brevo reported. */
  limit: z.optional(z.int()),
  /** Nothing may be sent before this moment, because Brevo answered 429. */
  closedUntil: z._default(z.number(), 0),
  /**
   * Set when Brevo reported fewer requests left than counted here. No more than `remaining` requests may be sent
   * before `until`.
   */
  allowance: z.optional(z.object({ remaining: z.int(), until: z.number() })),
});
export type Meter = z.output<typeof meter>;

/** The state of the request budget. Times are milliseconds since 1970. */
export const budgetSchema = z.object({
  version: z._default(z.int(), 0),
  /** Random ids of the last writes, by which a writer finds its own although the answer was lost. */
  writes: z._default(z.array(z.string()), []),
  meters: z._default(z.record(z.string(), meter), {}),
  /** Set when Brevo denies access, keeps failing or refuses every message. Only a probe is sent, every two minutes. */
  paused: z.optional(
    z.object({
      since: z.number(),
      reason: z.enum(['unauthorised', 'unavailable', 'refused']),
      probeAt: z.number(),
    }),
  ),
  /** Failed calls in a row. */
  failures: z._default(z.int(), 0),
  /** Refused messages since Brevo last accepted one. */
  refusals: z._default(z.int(), 0),
  /** Meters that notices wait for: new events queue behind those notices. */
  backlog: z._default(z.array(z.string()), []),
  /** When each agent was last pinged. */
  pings: z._default(z.record(z.string(), z.number()), {}),
});
export type Budget = z.output<typeof budgetSchema>;

export const emptyBudget = (): Budget => budgetSchema.parse({});

const emptyMeter = (): Meter => meter.parse({});

/** Number of requests in a window that are reserved for the HTTP API. */
export const httpReserve = (limit: number): number => Math.ceil(limit * 0.03);

/** Requests are counted in buckets of this length: 15 seconds if the window is an hour. */
const bucketMs = ({ windowMs }: RequestPlan): number => windowMs / 240;

/**
 * A request counts for this much longer, because it may reach Brevo late, and because the clock of the function that
 * counted it may be behind that of the function that forgets it: 75 seconds if the window is an hour.
 */
const slackMs = ({ windowMs }: RequestPlan): number => windowMs / 48;

/** The longest time for which a request counts. Milliseconds. */
export const countedMs = (plan: RequestPlan): number => bucketMs(plan) + plan.windowMs + slackMs(plan);

/** Plans look ahead in steps of this length. */
export const stepMs = ({ windowMs }: RequestPlan): number => windowMs / 60;

/** The name of the meter that counts an operation such as `POST /conversations/pushedMessages`. */
export const meterName = ({ scope }: RequestPlan, operation: string): string =>
  scope === 'account' ? 'account' : operation;

export const meterOf = (budget: Budget, name: string): Meter => budget.meters[name] ?? emptyMeter();

const countOf = ({ presence, http, messages }: Meter['buckets'][number]): number =>
  presence + http + messages;

/** The moment after which a bucket's requests are outside every window that Brevo may be counting. */
export const forgottenAt = (plan: RequestPlan, at: number): number => at + countedMs(plan);

export const limitOf = (plan: RequestPlan, { limit }: Meter): number => limit ?? plan.limit;

/** Requests that Brevo may still count at a moment. */
export const countedAt = (plan: RequestPlan, { buckets }: Meter, moment: number): number =>
  buckets.reduce((sum, each) => (forgottenAt(plan, each.at) > moment ? sum + countOf(each) : sum), 0);

/** Requests that could be sent now, ignoring what is reserved for other lanes. */
export const freeNow = (plan: RequestPlan, meter: Meter, now: number): number => {
  if (meter.closedUntil > now) return 0;
  const { allowance } = meter;
  const left =
    allowance !== undefined && allowance.until > now ? allowance.remaining : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(left, limitOf(plan, meter) - countedAt(plan, meter, now)));
};

/** Predicts the pings that presence will need: cumulative counts, one for each step of `stepMs` from now on. */
export type Upcoming = (now: number, stepMs: number, steps: number) => number[];

/**
 * Whether a lane may take a request now. Messages and HTTP must leave enough for presence at every moment of the next
 * window, so a shift that starts in half an hour already counts.
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
  const step = stepMs(plan);
  const room = limitOf(plan, meter) - kept - 1;
  const counted = countedLater(plan, meter, now);
  return upcoming(now, step, stepsAhead).every((needed, index) => (counted[index] ?? 0) + needed <= room);
};

/** A request counts for slightly less than this number of steps. */
export const stepsAhead = 62;

/** Of the requests counted now, the number still counted after one, two … steps; without the zeros at the end. */
const countedLater = (plan: RequestPlan, { buckets }: Meter, now: number): number[] => {
  const later: number[] = [];
  for (const each of buckets) {
    const lasts = Math.ceil((forgottenAt(plan, each.at) - now) / stepMs(plan)) - 1;
    for (let index = 0; index < Math.min(stepsAhead, lasts); index++)
      later[index] = (later[index] ?? 0) + countOf(each);
  }
  return later;
};

/** The meter after taking some requests. Drops the buckets that no longer count. */
export const taken = (plan: RequestPlan, meter: Meter, lane: Lane, count: number, now: number): Meter => {
  const at = Math.floor(now / bucketMs(plan)) * bucketMs(plan);
  const buckets = meter.buckets.filter((each) => forgottenAt(plan, each.at) > now);
  const current = buckets.find((each) => each.at === at) ?? { at, presence: 0, http: 0, messages: 0 };
  const { allowance } = meter;
  const counted = { ...current, [lane]: current[lane] + count };
  return {
    ...meter,
    // Another function's clock may be ahead.
    buckets: [...buckets.filter((each) => each.at !== at), counted].toSorted((a, b) => a.at - b.at),
    ...(allowance === undefined
      ? {}
      : { allowance: { ...allowance, remaining: allowance.remaining - count } }),
  };
};

/**
 * The meter after a request that was taken within the last sixtieth of the window turned out never to have been sent.
 * Leaves the newer requests counted.
 */
export const givenBack = (plan: RequestPlan, meter: Meter, lane: Lane, now: number): Meter => {
  const recent = meter.buckets.find((each) => each.at > now - stepMs(plan) && each[lane] > 0);
  if (recent === undefined) return meter;
  const without = { ...recent, [lane]: recent[lane] - 1 };
  return { ...meter, buckets: meter.buckets.map((each) => (each === recent ? without : each)) };
};

/** A reset after more than two windows cannot be one: it would stop everything for as long as it says. */
const believedReset = ({ windowMs }: RequestPlan, { resetSeconds }: RateLimit): number | undefined =>
  (resetSeconds ?? 0) * 1000 > 2 * windowMs ? undefined : resetSeconds;

/**
 * The meter after Brevo reported a rate limit. A reported count can only lower the free requests, until the reset. A
 * reported limit replaces the known one.
 */
export const withRateLimit = (plan: RequestPlan, meter: Meter, rateLimit: RateLimit, now: number): Meter => {
  // A limit of 0 would be believed for ever, since nothing would be sent that could correct it.
  if (rateLimit.limit === 0) return meter;
  const { limit = limitOf(plan, meter), remaining } = rateLimit;
  const resetSeconds = believedReset(plan, rateLimit);
  const named = limit === limitOf(plan, meter) ? meter : { ...meter, limit };
  if (remaining === undefined || remaining >= freeNow(plan, named, now)) return named;
  const until = now + (resetSeconds === undefined ? plan.windowMs : resetSeconds * 1000);
  return { ...named, allowance: { remaining, until } };
};

/** How long the meter stays closed after a 429 without a reset time. */
const closedWithoutReset = (plan: RequestPlan): number => stepMs(plan);

/** The meter after a 429. */
export const closed = (plan: RequestPlan, meter: Meter, rateLimit: RateLimit, now: number): Meter => {
  const resetSeconds = believedReset(plan, rateLimit);
  const length = resetSeconds === undefined ? closedWithoutReset(plan) : resetSeconds * 1000;
  return { ...meter, closedUntil: Math.max(meter.closedUntil, now + length) };
};
