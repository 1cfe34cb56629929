import { beforeAll, expect, test, vi } from 'vitest';
import { withDefaults } from '../../tools/simulation/config.ts';
import { simulate, summaryOf } from '../../tools/simulation/report.ts';

/** Half a shop's morning: 25 orders within three hours, two agents who come on shift. */
const morning = (given: Parameters<typeof withDefaults>[0] = {}) =>
  withDefaults({ orders: 25, hours: 3, ...given });

// A function that cannot be set up says so on the console, whatever its logger's level.
beforeAll(() => void vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT'));

const outcome = async (options: ReturnType<typeof morning>) => {
  const { wallSeconds: _, ...report } = await simulate(options);
  return report;
};

const faultless = {
  requestsOverLimit: 0,
  rateLimited: 0,
  wasted: 0,
  duplicates: 0,
  lost: 0,
  finalRight: 1,
  settledWrong: 0,
  expired: 0,
  stale: 0,
  regressions: 0,
  ambiguousPosts: 0,
  heldNeedlessly: 0,
  erasedWrong: 0,
  heldUnknown: 0,
  orphans: 0,
  pingGapsOver180s: 0,
  kills: 0,
};

test.for(['none', 'harsh'] as const)(
  'with Brevo and AWS failing at level %s the same seed gives the same run, another seed another',
  { timeout: 300_000 },
  async (level) => {
    const given = { faults: level, aws: level, orders: 10, hours: 1 };
    const first = await outcome(morning(given));
    expect(await outcome(morning(given))).toEqual(first);
    expect(await outcome(morning({ ...given, seed: 2 }))).not.toEqual(first);
  },
);

test.for([
  { kind: 'fixed', scope: 'account', faults: 'none', seed: 1 },
  { kind: 'sliding', scope: 'account', faults: 'mild', seed: 2 },
  { kind: 'sliding', scope: 'endpoint', faults: 'mild', seed: 3 },
] as const)(
  'nothing goes wrong in a $kind window by $scope with faults $faults, and no request lies idle',
  { timeout: 300_000 },
  async (given) => {
    const report = await outcome(morning(given));
    expect(report).toMatchObject(faultless);
    expect(report.budgetUsedWhileBacklog).toBeGreaterThanOrEqual(0.95);
    expect(report.notices).toBeGreaterThan(20);
  },
);

test('whatever fails and dies, nothing is shown twice, nothing is lost and no chat goes back', {
  timeout: 300_000,
}, async () => {
  const report = await outcome(morning({ faults: 'harsh', seed: 4 }));
  expect(report).toMatchObject({ duplicates: 0, lost: 0, regressions: 0, finalRight: 1 });
  expect(report.kills).toBeGreaterThan(0);
  expect(report.ambiguousPosts).toBeGreaterThan(0);
  expect(report.heldUnknown + report.orphans).toBeLessThanOrEqual(report.ambiguousPosts + report.kills);
});

const neverWrong = {
  requestsOverLimit: 0,
  duplicates: 0,
  lost: 0,
  regressions: 0,
  settledWrong: 0,
  erasedWrong: 0,
};

test('with AWS failing now and then nothing is shown twice, lost, out of order, or wrong unnoticed', {
  timeout: 300_000,
}, async () => {
  const report = await outcome(morning({ aws: 'mild', faults: 'mild', seed: 8, hours: 5 }));
  expect(report).toMatchObject({ ...neverWrong, heldNeedlessly: 0, finalRight: 1 });
  expect(report.awsFaults).toBeGreaterThan(50);
});

test('with AWS failing harshly nothing is shown twice, lost, out of order, or wrong unnoticed', {
  timeout: 300_000,
}, async () => {
  const report = await outcome(morning({ aws: 'harsh', faults: 'harsh', seed: 9, hours: 5 }));
  expect(report).toMatchObject(neverWrong);
});

test('sending uncertain posts again loses nothing, and shows no more texts twice than there were such posts', {
  timeout: 300_000,
}, async () => {
  const report = await outcome(morning({ faults: 'harsh', unknown: 'resend', seed: 5 }));
  expect(report).toMatchObject({ lost: 0, heldUnknown: 0 });
  expect(report.duplicates).toBeLessThanOrEqual(report.ambiguousPosts);
});

test('three hours without Brevo lose nothing, and all ends right', { timeout: 300_000 }, async () => {
  const report = await outcome(withDefaults({ orders: 200, hours: 10, outage: 3, seed: 6 }));
  expect(report).toMatchObject({
    lost: 0,
    finalRight: 1,
    duplicates: 0,
    regressions: 0,
    expired: 0,
    stale: 0,
    requestsOverLimit: 0,
  });
});

test('events that grew too old while Brevo was down bring no message, and none is forgotten', {
  timeout: 300_000,
}, async () => {
  const report = await outcome(morning({ hours: 5, outage: 2, freshness: 0.5, seed: 7 }));
  expect(report).toMatchObject({ lost: 0, stale: 0, duplicates: 0, regressions: 0 });
  expect(report.expired).toBeGreaterThan(0);
});

test('a limit that is too low for the agents is refused with the arithmetic', async () => {
  await expect(simulate(morning({ limit: 40 }))).rejects.toThrow(/2 agents on shift at once.*of 40 requests/);
});

test('the summary says how it went', async () => {
  const options = morning({ orders: 2, hours: 0.2 });
  const summary = summaryOf(options, await simulate(options));
  expect(summary).toContain(
    '0.2 h of a shop with 2 orders, 100 requests in 3600 s (fixed window, counted by account)',
  );
  expect(summary).toContain('100.00 %');
});
