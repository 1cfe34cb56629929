/** What goes wrong with Brevo, by the level of faults. */
import type { Fault } from '../brevo/faults.ts';
import { between, oneOf, type Random } from './random.ts';

export const faultLevels = ['none', 'mild', 'harsh'] as const;
export type FaultLevel = (typeof faultLevels)[number];

/** What becomes of one request. Without a fault Brevo does as it should. */
export interface Trouble {
  /** Nothing listens at Brevo's address. */
  isRefused?: boolean;
  /** The key is not known to Brevo. */
  isRevoked?: boolean;
  fault?: FaultInput;
  withoutHeaders: boolean;
}

type FaultInput =
  | {
      kind: Extract<Fault['kind'], 'status' | 'status-after'>;
      status: number;
      delayMs?: number;
      headers?: Record<string, string>;
      body?: string;
    }
  | { kind: Extract<Fault['kind'], 'delay' | 'late'>; delayMs: number }
  | { kind: Extract<Fault['kind'], 'reset-before' | 'reset-after'>; delayMs?: number };

/** From this share of the shop's hours on, for so many milliseconds. */
const outageShare = 0.3;
const harshOutageMs = 30 * 60_000;
const revokedKey = { share: 0.65, ms: 10 * 60_000 };

const shares = { none: 0, mild: 0.02, harsh: 0.1 } as const;

export interface TroubleOptions {
  level: FaultLevel;
  /** The hours in which the shop is at work, milliseconds since 1970. */
  from: number;
  to: number;
  /** For how long Brevo is down; where faults are harsh it is for half an hour at least. */
  outageMs?: number;
}

/** Draws the trouble for each request of the simulated hours. */
export const createTrouble = (
  random: Random,
  { level, from, to, outageMs = 0 }: TroubleOptions,
): ((now: number) => Trouble) => {
  const isWithin = ({ share, ms }: { share: number; ms: number }, now: number): boolean => {
    const start = from + share * (to - from);
    return now >= start && now < start + ms;
  };
  const isHarsh = level === 'harsh';
  const outage = { share: outageShare, ms: Math.max(outageMs, isHarsh ? harshOutageMs : 0) };
  return (now) => {
    const withoutHeaders = random() < 0.1 && level !== 'none';
    if (isWithin(outage, now)) return { ...outageTrouble(random), withoutHeaders };
    if (isHarsh && isWithin(revokedKey, now)) return { isRevoked: true, withoutHeaders };
    if (random() >= shares[level]) return { withoutHeaders };
    return { ...(level === 'mild' ? definiteFault(random) : anyFault(random)), withoutHeaders };
  };
};

const page = { headers: { 'content-type': 'text/html' }, body: '<html><body>Sorry</body></html>' };

/** Faults of which it is certain that Brevo applied nothing. */
const definiteFault = (random: Random): Omit<Trouble, 'withoutHeaders'> =>
  oneOf<Omit<Trouble, 'withoutHeaders'>>(random, [
    { isRefused: true },
    { isRefused: true },
    { fault: { kind: 'status', status: 503 } },
    { fault: { kind: 'status', status: 503, ...page } },
    { fault: { kind: 'status', status: 302, headers: { location: 'https://status.brevo.simulated/' } } },
  ]);

/** Brevo did as it was asked, but the answer is not what it should be. */
const oddAnswer = (random: Random): Omit<Trouble, 'withoutHeaders'> => ({
  fault: {
    kind: 'status-after',
    status: oneOf(random, [200, 201]),
    ...oneOf<{ body: string; headers?: Record<string, string> }>(random, [
      { body: '{"text":"without an id"}' },
      { body: '{"id":"trunca' },
      { body: '' },
      page,
    ]),
  },
});

const anyFault = (random: Random): Omit<Trouble, 'withoutHeaders'> =>
  oneOf<() => Omit<Trouble, 'withoutHeaders'>>(random, [
    () => definiteFault(random),
    () => ({ fault: { kind: 'late', delayMs: Math.round(between(random, 13_000, 50_000)) } }),
    () => ({ fault: { kind: 'delay', delayMs: Math.round(between(random, 1_000, 20_000)) } }),
    () => oddAnswer(random),
    () => ({ fault: { kind: 'reset-before' } }),
    () => ({ fault: { kind: 'reset-after' } }),
    () => ({ fault: { kind: 'status-after', status: oneOf(random, [500, 502, 504]) } }),
    () => ({ fault: { kind: 'status', status: oneOf(random, [500, 502, 504]) } }),
    () => ({ fault: { kind: 'status', status: 429 }, withoutHeaders: true }),
  ])();

const outageTrouble = (random: Random): Omit<Trouble, 'withoutHeaders'> =>
  oneOf<Omit<Trouble, 'withoutHeaders'>>(random, [
    { isRefused: true },
    { fault: { kind: 'status', status: 503 } },
    { fault: { kind: 'status', status: 502 } },
    { fault: { kind: 'reset-before', delayMs: 60_000 } },
  ]);
