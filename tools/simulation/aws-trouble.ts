/** What goes wrong with AWS, by the level. */
import type { AwsResponse } from './aws.ts';
import type { Worker } from './gate.ts';
import { between, oneOf, type Random } from './random.ts';

export const awsLevels = ['none', 'mild', 'harsh'] as const;
type AwsLevel = (typeof awsLevels)[number];

/** `lost` and `stalled`: applied, but the connection breaks, or no answer comes. `unreachable`: not even applied. */
export type AwsFault = 'throttled' | 'error' | 'lost' | 'stalled' | 'unreachable';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** About this share of the requests fails: once in this many, and half of those that the same worker makes next. */
const shares = { none: 0, mild: 0.01, harsh: 0.053 } as const;
const againShare = 0.5;

/** For so long DynamoDB is gone now and then, where trouble is harsh. */
const burstMs = 30_000;

const freezeShare = 0.0005;
/** A frozen worker goes on after so long, and does not know that its invocation has timed out. Milliseconds. */
export const frozenMs = 10 * minuteMs;

const furthestClockMs = 30_000;
const deploymentShare = 0.45;

export interface AwsTroubleOptions {
  level: AwsLevel;
  /** The hours in which the shop is at work, milliseconds since 1970. */
  from: number;
  to: number;
}

/** Draws the trouble with AWS for the simulated hours. */
export const createAwsTrouble = (
  randomFor: (purpose: string) => Random,
  { level, from, to }: AwsTroubleOptions,
) => {
  const random = randomFor('aws-faults');
  const lags = randomFor('aws-lags');
  const freezes = randomFor('aws-freezes');
  const clocks = randomFor('aws-clocks');
  const isHarsh = level === 'harsh';
  const bursts = isHarsh ? burstsIn(randomFor('aws-bursts'), from, to) : [];
  const failing = new WeakSet<Worker>();

  return {
    level,

    /** What becomes of one request of a worker. */
    faultFor: (
      worker: Worker | undefined,
      service: 'dynamodb' | 'other',
      now: number,
    ): AwsFault | undefined => {
      if (level === 'none') return undefined;
      if (service === 'dynamodb' && bursts.some((start) => now >= start && now < start + burstMs))
        return oneOf<AwsFault>(random, ['error', 'unreachable']);
      const share = worker !== undefined && failing.has(worker) ? againShare : shares[level];
      const isFault = random() < share;
      if (worker !== undefined) isFault ? failing.add(worker) : failing.delete(worker);
      return isFault ? oneOf<AwsFault>(random, ['throttled', 'error', 'lost', 'stalled']) : undefined;
    },

    /** After how long an index shows a write. Milliseconds. */
    indexLagMs: (): number => {
      const draw = lags();
      if (level === 'none' || draw < 0.8) return between(lags, 0, 1_000);
      return isHarsh && draw > 0.97 ? between(lags, minuteMs, 10 * minuteMs) : between(lags, 1_000, minuteMs);
    },

    /** Whether the worker is frozen before it hears an answer. */
    freezes: (): boolean => isHarsh && freezes() < freezeShare,

    /** By how much the clock of a new instance is fast. Milliseconds. */
    clockOffsetMs: (): number =>
      isHarsh ? Math.round(between(clocks, -furthestClockMs, furthestClockMs)) : 0,

    /** When all functions are deployed anew. */
    deployedAt: isHarsh ? from + deploymentShare * (to - from) : undefined,
  };
};

export type AwsTrouble = ReturnType<typeof createAwsTrouble>;

/** One each two hours or so. */
const burstsIn = (random: Random, from: number, to: number): number[] => {
  const starts: number[] = [];
  for (let at = from; ; ) {
    at += between(random, 0.5, 3.5) * hourMs;
    if (at >= to) return starts;
    starts.push(at);
  }
};

const failed = (statusCode: number, type: string): AwsResponse => ({
  statusCode,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from(JSON.stringify({ __type: `com.amazonaws#${type}`, message: `simulated ${type}` })),
});

/** After so long without an answer the SDK gives up, as lib/runtime/aws-client.ts sets it. Milliseconds. */
const stalledMs = 3_000;

/** What the SDK hears of a fault: an answer, or the error of its connection. */
export const heardOf = (
  fault: AwsFault,
  service: 'dynamodb' | 'other',
): { afterMs: number; read: () => AwsResponse } => {
  switch (fault) {
    case 'throttled': {
      const type = service === 'dynamodb' ? 'ProvisionedThroughputExceededException' : 'ThrottlingException';
      return { afterMs: 0, read: () => failed(400, type) };
    }
    case 'error':
      return { afterMs: 0, read: () => failed(500, 'InternalServerError') };
    case 'lost':
      return {
        afterMs: 0,
        read: () => {
          throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        },
      };
    case 'stalled':
    case 'unreachable':
      return {
        afterMs: stalledMs,
        read: () => {
          throw Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
        },
      };
  }
};

/** Whether the service does what it was asked, although the worker does not hear of it. */
export const isApplied = (fault: AwsFault | undefined): boolean =>
  fault === undefined || fault === 'lost' || fault === 'stalled';
