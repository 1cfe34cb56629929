import { expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { operationOf, textOf } from '../../tools/simulation/aws.ts';
import { withDefaults } from '../../tools/simulation/config.ts';
import type { Alter, Network } from '../../tools/simulation/network.ts';
import { simulate } from '../../tools/simulation/report.ts';

// A simulation that finds nothing proves nothing: each of these bugs is put between the bridge and the network, or into a
// part of it, and must be seen in the report.

const planted = vi.hoisted(() => ({ reservesTooMuch: false, keepsLeases: false }));

vi.mock('../../lib/presence/plan.ts', async (original) => {
  const plan = await original<typeof import('../../lib/presence/plan.ts')>();
  const presencePlan: typeof plan.presencePlan = (...given) => {
    const made = plan.presencePlan(...given);
    const upcoming: typeof made.upcoming = (...window) =>
      made.upcoming(...window).map((pings) => Math.round(pings * (planted.reservesTooMuch ? 1.6 : 1)));
    return { ...made, upcoming };
  };
  return { ...plan, presencePlan };
});

vi.mock('../../lib/notices/reconcile.ts', async (original) => {
  const reconcile = await original<typeof import('../../lib/notices/reconcile.ts')>();
  const atWork: typeof reconcile.atWork = (bridge, remainingMs) => {
    const worker = reconcile.atWork(bridge, remainingMs);
    return planted.keepsLeases ? { ...worker, mayRetry: () => false } : worker;
  };
  return { ...reconcile, atWork };
});

const withBug = async <Result>(bug: keyof typeof planted, work: () => Promise<Result>): Promise<Result> => {
  planted[bug] = true;
  try {
    return await work();
  } finally {
    planted[bug] = false;
  }
};

const put = z.looseObject({ Item: z.optional(z.looseObject({ key: z.object({ S: z.string() }) })) });

type Put = z.output<typeof put>;

/** Changes what is put under these keys. */
const changingPuts =
  (isMeant: (key: string) => boolean, change: (request: Put) => object): Alter =>
  (network) => ({
    ...network,
    dynamoDb: (request) => {
      const asked = put.parse(JSON.parse(textOf(request)));
      return asked.Item === undefined || !isMeant(asked.Item.key.S)
        ? network.dynamoDb(request)
        : network.dynamoDb({ ...request, body: JSON.stringify(change(asked)) });
    },
  });

/** The database takes the writes of these items whatever has come in between. */
const withoutCondition = (isMeant: (key: string) => boolean): Alter =>
  changingPuts(isMeant, (asked) => {
    const {
      ConditionExpression: _,
      ExpressionAttributeNames: __,
      ExpressionAttributeValues: ___,
      ...rest
    } = asked;
    return rest;
  });

const isNotice = (key: string): boolean => key.startsWith('notice#');

/** As the official SDK does it. */
const postingAgain = (network: Network): Network => ({
  ...network,
  fetch: (input, init) =>
    network.fetch(input, init).catch((error: unknown) => {
      if (init?.method !== 'POST') throw error;
      return network.fetch(input, init);
    }),
});

const ok = {
  statusCode: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from('{}'),
};

const withoutPointers = (network: Network): Network => ({
  ...network,
  dynamoDb: async (request) =>
    operationOf(request) === 'PutItem' && textOf(request).includes('"message#')
      ? ok
      : network.dynamoDb(request),
});

const notDeleting = (network: Network): Network => ({
  ...network,
  fetch: async (input, init) =>
    init?.method === 'DELETE' ? new Response(null, { status: 204 }) : network.fetch(input, init),
});

const newestFirst = (network: Network): Network => ({
  ...network,
  dynamoDb: (request) =>
    operationOf(request) === 'Query'
      ? network.dynamoDb({
          ...request,
          body: JSON.stringify({ ...JSON.parse(textOf(request)), ScanIndexForward: false }),
        })
      : network.dynamoDb(request),
});

/** The first answers to each edit are lost, and the bridge takes that for proof that nothing was changed. */
const trustingTheOldText = (network: Network): Network => {
  const lost = new Map<unknown, number>();
  return {
    ...network,
    fetch: async (input, init) => {
      const response = await network.fetch(input, init);
      const before = lost.get(init?.body) ?? 0;
      if (init?.method !== 'PUT' || before === 5) return response;
      lost.set(init.body, before + 1);
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      });
    },
  };
};

test('a budget that is written without its condition goes over the limit', async () => {
  const options = withDefaults({ orders: 60, hours: 3 });
  const report = await simulate(
    options,
    withoutCondition((key) => key === 'budget'),
  );
  expect(report.requestsOverLimit + report.rateLimited).toBeGreaterThan(0);
});

test('a notice that is claimed and settled without its condition is sent twice, or wastes a request', async () => {
  const options = withDefaults({ orders: 60, hours: 3, aws: 'mild', seed: 6 });
  const report = await simulate(options, withoutCondition(isNotice));
  expect(report.duplicates + report.wasted).toBeGreaterThan(0);
});

test('a post that is repeated after a lost answer is shown twice', async () => {
  const options = withDefaults({ orders: 25, hours: 3, faults: 'harsh', seed: 1 });
  const report = await simulate(options, postingAgain);
  expect(report.duplicates).toBeGreaterThan(0);
});

test('a reserve for presence that is too high by 60 % lets requests lie idle', async () => {
  const options = withDefaults({ orders: 80, hours: 4 });
  const usual = await simulate(options);
  expect(usual.budgetUsedWhileBacklog).toBeGreaterThanOrEqual(0.95);
  const report = await withBug('reservesTooMuch', () => simulate(options));
  expect(report.budgetUsedWhileBacklog).toBeLessThan(0.92);
});

test('a queue that is emptied from its end lets what came later overtake', async () => {
  const options = withDefaults({ orders: 80, hours: 4 });
  const usual = await simulate(options);
  const report = await simulate(options, newestFirst);
  expect(usual.overtaken).toBeLessThan(0.05);
  expect(report.overtaken).toBeGreaterThan(0.15);
});

test('without message pointers an edit by message id passes its notice by', async () => {
  const options = withDefaults({ orders: 40, hours: 8, seed: 3 });
  const report = await simulate(options, withoutPointers);
  expect(report.settledWrong).toBeGreaterThan(0);
});

test('a lease that is not given back after the table failed looks like a post of unknown outcome', async () => {
  const options = withDefaults({ orders: 60, hours: 4, aws: 'mild', seed: 1 });
  expect((await simulate(options)).heldNeedlessly).toBe(0);
  const report = await withBug('keepsLeases', () => simulate(options));
  expect(report.heldNeedlessly).toBeGreaterThan(0);
});

test('an earlier text that is trusted after a lost edit stays wrong when it comes back', async () => {
  const options = withDefaults({ orders: 40, hours: 3, seed: 1 });
  const report = await simulate(options, trustingTheOldText);
  expect(report.settledWrong).toBeGreaterThan(0);
});

test('an erasure that is reported as complete while messages stand is wrong', async () => {
  const report = await simulate(withDefaults({ orders: 40, hours: 6, seed: 2 }), notDeleting);
  expect(report.erased).toBeGreaterThan(0);
  expect(report.erasedWrong).toBeGreaterThan(0);
});
