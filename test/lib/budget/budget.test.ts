import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  type Budget,
  closed,
  countedAt,
  emptyBudget,
  freeNow,
  givenBack,
  httpReserve,
  type Lane,
  type Meter,
  mayTake,
  meterName,
  meterOf,
  type RequestPlan,
  taken,
  type Upcoming,
  withRateLimit,
} from '../../../lib/budget/budget.ts';
import { freeAfter, healthAfter, mayPass, passed, withHealth } from '../../../lib/budget/health.ts';
import { noon } from '../../support/incoming.ts';

const hour = 3_600_000;
const minute = 60_000;
const plan: RequestPlan = { limit: 100, windowMs: hour, scope: 'account' };
const quiet: Upcoming = (_now, _step, steps) => Array.from({ length: steps }, () => 0);
const empty = (): Meter => meterOf(emptyBudget(), 'account');

/** Two agents, always online, each pinged every two minutes. */
const busy: Upcoming = (_now, step, steps) =>
  Array.from({ length: steps }, (_, index) => Math.ceil(((index + 1) * step) / minute));

/** Takes requests for messages as long as they are granted. */
const drain = (meter: Meter, now: number, upcoming: Upcoming = quiet): { meter: Meter; count: number } => {
  let current = meter;
  let count = 0;
  while (count < 1000 && mayTake({ plan, upcoming }, current, 'messages', now)) {
    current = taken(plan, current, 'messages', 1, now);
    count++;
  }
  return { meter: current, count };
};

describe('the request budget', () => {
  test('gives messages everything but the HTTP reserve, and gives HTTP the rest', () => {
    const { meter, count } = drain(empty(), noon);
    expect(count).toBe(100 - httpReserve(100));
    expect(mayTake({ plan, upcoming: quiet }, meter, 'http', noon)).toBe(true);
    expect(mayTake({ plan, upcoming: busy }, taken(plan, meter, 'http', 2, noon), 'presence', noon)).toBe(
      true,
    );
    const spent = taken(plan, meter, 'http', 3, noon);
    expect(mayTake({ plan, upcoming: quiet }, spent, 'http', noon)).toBe(false);
    expect(mayTake({ plan, upcoming: quiet }, spent, 'presence', noon)).toBe(false);
  });

  test('leaves what presence will need within the hour', () => {
    // A request counts for 61.5 minutes here.
    expect(drain(empty(), noon, busy).count).toBe(100 - 61 - httpReserve(100));
  });

  test('leaves what a shift that starts in half an hour will need', () => {
    const later: Upcoming = (_now, step, steps) =>
      Array.from({ length: steps }, (_, index) => Math.max(0, ((index + 1) * step) / minute - 30));
    expect(drain(empty(), noon, later).count).toBe(100 - 31 - httpReserve(100));
  });

  test('frees a request as soon as Brevo can no longer count it, and not before', () => {
    const { meter } = drain(empty(), noon);
    const end = noon + minute + hour + 30_000;
    expect(freeNow(plan, meter, end - 1)).toBe(httpReserve(100));
    expect(freeNow(plan, meter, end)).toBe(100);
    expect(taken(plan, meter, 'http', 1, end).buckets).toMatchObject([{ http: 1, messages: 0 }]);
  });

  test('gives back a request that was never sent, but none that was taken a minute ago', () => {
    const before = taken(plan, empty(), 'messages', 2, noon);
    const meter = taken(plan, before, 'http', 1, noon + minute);
    const returned = givenBack(plan, meter, 'messages', noon + minute - 1);
    expect(returned.buckets).toMatchObject([
      { at: noon, messages: 1, http: 0 },
      { at: noon + minute, messages: 0, http: 1 },
    ]);
    expect(givenBack(plan, meter, 'presence', noon)).toBe(meter);
    expect(givenBack(plan, meter, 'messages', noon + minute)).toBe(meter);
  });

  test('keeps the newer of two requests if one is given back, whichever clock was ahead', () => {
    const ahead = taken(plan, empty(), 'messages', 1, noon + 30_000);
    const both = taken(plan, ahead, 'messages', 1, noon);
    const [older, newer] = givenBack(plan, both, 'messages', noon + 30_000).buckets;
    expect([older, newer]).toMatchObject([
      { at: noon, messages: 0 },
      { at: noon + 30_000, messages: 1 },
    ]);
  });

  test('counts each endpoint separately if Brevo does', () => {
    expect(meterName(plan, 'POST /x')).toBe('account');
    expect(meterName({ ...plan, scope: 'endpoint' }, 'POST /x')).toBe('POST /x');
    const { meter } = drain(empty(), noon);
    const budget = { ...emptyBudget(), meters: { 'POST /x': meter } };
    expect(meterOf(budget, 'POST /x')).toBe(meter);
    expect(meterOf(budget, 'POST /y')).toEqual(empty());
  });

  const ahead = fc.constantFrom(-30_000, 30_000);
  property.prop([fc.nat(minute), ahead, ahead, fc.constantFrom(0, 15_000)])(
    'counts a request until Brevo forgets it, although one clock is behind, another is ahead, and the request is late',
    (second, takerAhead, readerAhead, late) => {
      const meter = taken(plan, empty(), 'messages', 1, noon + second + takerAhead);
      expect(countedAt(plan, meter, noon + second + late + hour - 1 + readerAhead)).toBe(1);
    },
  );

  property.prop([
    fc.array(
      fc.record({ after: fc.nat(10 * minute), lag: fc.nat(29_000), burst: fc.integer({ min: 1, max: 60 }) }),
      {
        maxLength: 40,
      },
    ),
    fc.constantFrom(quiet, busy),
  ])(
    'never lets more requests through than the limit in any hour that Brevo may count',
    (demand, upcoming) => {
      let meter = empty();
      let now = noon;
      const arrivals: number[] = [];
      for (const { after, lag, burst } of demand) {
        now += after;
        for (let asked = 0; asked < burst && mayTake({ plan, upcoming }, meter, 'messages', now); asked++) {
          meter = taken(plan, meter, 'messages', 1, now);
          arrivals.push(now + lag);
        }
      }
      for (const start of arrivals) {
        expect(arrivals.filter((at) => at >= start && at < start + hour).length).toBeLessThanOrEqual(
          plan.limit,
        );
      }
    },
  );

  property.prop([fc.array(fc.nat(5), { minLength: 150, maxLength: 150 }), fc.integer({ min: 0, max: 75 })])(
    'never leaves presence without a ping, whatever the messages ask for and whenever the shift starts',
    (demand, shiftStart) => {
      const isOnShift = (index: number) => index >= shiftStart && index < shiftStart + 70;
      const minuteOf = (at: number) => Math.round((at - noon) / minute);
      const upcoming: Upcoming = (now, _step, steps) => {
        let sum = 0;
        return Array.from({ length: steps }, (_, index) => {
          sum += isOnShift(minuteOf(now) + index + 1) ? 1 : 0;
          return sum;
        });
      };
      let meter = empty();
      demand.forEach((asked, index) => {
        const now = noon + index * minute;
        if (isOnShift(index)) {
          expect(mayTake({ plan, upcoming }, meter, 'presence', now)).toBe(true);
          meter = taken(plan, meter, 'presence', 1, now);
        }
        for (let each = 0; each < asked && mayTake({ plan, upcoming }, meter, 'messages', now); each++) {
          meter = taken(plan, meter, 'messages', 1, now);
        }
      });
    },
  );
});

describe('a rate limit from Brevo', () => {
  test('with fewer requests left applies until the reset', () => {
    const meter = withRateLimit(plan, empty(), { limit: 100, remaining: 5, resetSeconds: 600 }, noon);
    expect(freeNow(plan, meter, noon)).toBe(5);
    const rest = taken(plan, meter, 'messages', 5 - httpReserve(100), noon);
    expect(mayTake({ plan, upcoming: quiet }, rest, 'messages', noon)).toBe(false);
    expect(mayTake({ plan, upcoming: quiet }, rest, 'http', noon)).toBe(true);
    expect(freeNow(plan, taken(plan, meter, 'http', 2, noon), noon)).toBe(3);
    expect(freeNow(plan, meter, noon + 599_999)).toBe(5);
    expect(freeNow(plan, meter, noon + 600_000)).toBe(100);
  });

  test('without a reset applies for a whole window', () => {
    const meter = withRateLimit(plan, empty(), { remaining: 5 }, noon);
    expect(freeNow(plan, meter, noon + hour - 1)).toBe(5);
    expect(freeNow(plan, meter, noon + hour)).toBe(100);
  });

  test('with more requests left than counted changes nothing', () => {
    const { meter } = drain(empty(), noon);
    expect(withRateLimit(plan, meter, { limit: 100, remaining: 100, resetSeconds: 3600 }, noon)).toBe(meter);
    expect(withRateLimit(plan, meter, { remaining: httpReserve(100) }, noon)).toBe(meter);
    expect(withRateLimit(plan, meter, {}, noon)).toBe(meter);
  });

  test('with another limit replaces the configured limit', () => {
    const meter = withRateLimit(plan, empty(), { limit: 200, remaining: 200 }, noon);
    expect(freeNow(plan, meter, noon)).toBe(200);
    expect(freeNow(plan, withRateLimit(plan, meter, { limit: 50 }, noon), noon)).toBe(50);
  });

  test('of 0 requests is not believed, for nothing would ever be sent again', () => {
    const meter = withRateLimit(plan, empty(), { limit: 0, remaining: 0, resetSeconds: 60 }, noon);
    expect(freeNow(plan, meter, noon)).toBe(100);
  });

  test('that resets after more than two windows is not believed', () => {
    const informed = withRateLimit(plan, empty(), { remaining: 0, resetSeconds: 3_600_000 }, noon);
    expect(freeNow(plan, informed, noon + 61 * minute)).toBe(100);
    expect(closed(plan, empty(), { resetSeconds: 7_201 }, noon).closedUntil).toBe(noon + minute);
    expect(closed(plan, empty(), { resetSeconds: 7_200 }, noon).closedUntil).toBe(noon + 2 * hour);
  });

  test('that is exceeded closes the meter until the reset', () => {
    const meter = closed(plan, empty(), { resetSeconds: 120 }, noon);
    expect(freeNow(plan, meter, noon + 119_999)).toBe(0);
    expect(freeNow(plan, meter, noon + 120_000)).toBe(100);
    expect(closed(plan, meter, { resetSeconds: 1 }, noon).closedUntil).toBe(noon + 120_000);
  });

  test('that is exceeded without a reset closes the meter for a minute', () => {
    expect(closed(plan, empty(), {}, noon).closedUntil).toBe(noon + minute);
  });
});

describe('a pause', () => {
  const hearing = (...healths: Parameters<typeof withHealth>[1][]): Budget =>
    healths.reduce((budget, health) => withHealth(budget, health, noon), emptyBudget());

  test('begins immediately if Brevo denies access', () => {
    const { paused } = hearing('unauthorised');
    expect(paused).toEqual({ since: noon, reason: 'unauthorised', probeAt: noon + 2 * minute });
  });

  test('begins after five failures in a row', () => {
    const fails = (count: number) => Array.from({ length: count }, () => 'unavailable' as const);
    expect(hearing(...fails(4)).paused).toBeUndefined();
    expect(hearing(...fails(4), 'well', ...fails(4)).paused).toBeUndefined();
    expect(hearing(...fails(5)).paused).toMatchObject({ reason: 'unavailable' });
  });

  test('for denied access says nothing about failures', () => {
    expect(hearing('unavailable', 'unauthorised').failures).toBe(1);
  });

  test('keeps its start time, and ends with the first successful answer', () => {
    const paused = withHealth(hearing('unauthorised'), 'unauthorised', noon + minute);
    expect(paused.paused).toEqual({ since: noon, reason: 'unauthorised', probeAt: noon + 3 * minute });
    expect(withHealth(paused, 'well', noon + minute)).toEqual({ ...emptyBudget(), failures: 0 });
  });

  test('lets a ping through after two minutes, and a message only if no ping came', () => {
    const paused = hearing('unauthorised');
    expect(mayPass(paused, 'presence', noon + 2 * minute - 1)).toBe(false);
    expect(mayPass(paused, 'presence', noon + 2 * minute)).toBe(true);
    expect(mayPass(paused, 'messages', noon + 3 * minute - 1)).toBe(false);
    expect(mayPass(paused, 'messages', noon + 3 * minute)).toBe(true);
    const probed = passed(paused, 'presence', noon + 2 * minute);
    expect(mayPass(probed, 'messages', noon + 3 * minute)).toBe(false);
    expect(passed(emptyBudget(), 'presence', noon)).toEqual(emptyBudget());
  });

  test('begins after five refused messages since the last accepted one, and holds up messages alone', () => {
    const refused = Array.from({ length: 4 }, () => 'refused' as const);
    expect(hearing(...refused).paused).toBeUndefined();
    expect(hearing(...refused, 'accepted', ...refused).paused).toBeUndefined();
    const paused = hearing(...refused, 'well', 'unavailable', 'refused');
    expect(paused.paused).toEqual({ since: noon, reason: 'refused', probeAt: noon + 2 * minute });
    expect(mayPass(paused, 'messages', noon + 2 * minute - 1)).toBe(false);
    expect(mayPass(paused, 'messages', noon + 2 * minute)).toBe(true);
    expect(mayPass(paused, 'presence', noon)).toBe(true);
    expect(mayPass(paused, 'http', noon)).toBe(true);
    expect(passed(paused, 'http', noon + minute)).toBe(paused);
    expect(passed(paused, 'messages', noon + minute).paused?.probeAt).toBe(noon + 3 * minute);
    expect(withHealth(paused, 'well', noon)).toBe(paused);
    expect(withHealth(paused, 'accepted', noon)).toEqual(emptyBudget());
  });

  test('for another reason ends when Brevo refuses a message, for then Brevo answers', () => {
    expect(hearing('unauthorised', 'refused').paused).toBeUndefined();
    expect(hearing('unauthorised', 'unavailable').paused?.reason).toBe('unauthorised');
  });

  test.each([
    ['unauthorised', 'unauthorised'],
    ['unavailable', 'unavailable'],
    ['refused', 'refused'],
    ['not-sent', 'unavailable'],
    ['rate-limited', 'well'],
    [undefined, 'well'],
  ] as const)('after the fault %s takes Brevo for %s', (fault, health) => {
    expect(healthAfter(fault)).toBe(health);
  });

  test('and a spent budget delay a lane by whole minutes, until the last request is forgotten', () => {
    const scheme = { plan, upcoming: quiet };
    const spent = taken(plan, empty(), 'messages', 100, noon - 30_000);
    const delay = (budget: Budget, meter: Meter, lane: Lane) =>
      freeAfter(scheme, { budget, meter }, lane, noon);
    expect(delay(emptyBudget(), empty(), 'messages')).toBe(0);
    expect(delay(hearing('unauthorised'), empty(), 'presence')).toBe(2 * minute);
    expect(delay(hearing('unauthorised'), empty(), 'messages')).toBe(3 * minute);
    expect(delay(hearing('unauthorised'), spent, 'presence')).toBe(61 * minute);
    expect(delay(emptyBudget(), { ...spent, closedUntil: noon + 2 * hour }, 'http')).toBe(62 * minute);
  });

  test('does not begin while calls succeed', () => {
    const budget = emptyBudget();
    expect(withHealth(budget, 'well', noon)).toBe(budget);
    expect(countedAt(plan, empty(), noon)).toBe(0);
  });
});
