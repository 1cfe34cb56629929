import { readFileSync } from 'node:fs';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import {
  type Instruments,
  instrumented,
  lazily,
  queueHandler,
  scheduleHandler,
} from '../../../lib/runtime/handler.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { captureLog } from '../../support/logger.ts';

test('nothing is built before the first call', () => {
  lazily(() => {
    throw new Error('too early');
  });
});

test('concurrent callers share one build', async () => {
  let builds = 0;
  const get = lazily(async () => ({ build: ++builds }));
  const [one, other] = await Promise.all([get(), get()]);
  expect(one).toBe(other);
  expect(await get()).toBe(one);
  expect(builds).toBe(1);
});

test('after a failure the next call builds again', async () => {
  let builds = 0;
  const get = lazily(async () => {
    if (++builds === 1) throw new Error('not yet');
    return builds;
  });
  const attempts = await Promise.allSettled([get(), get()]);
  expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(builds).toBe(1);
  expect(await get()).toBe(2);
  expect(await get()).toBe(2);
});

const metrics = new Metrics({ namespace: 'test' });

const functionThat = (build: () => Promise<Instruments>, handle: () => unknown = () => 'answer') => {
  const { middleware } = instrumented(build);
  const handler = middy()
    .use(middleware)
    .handler(async () => handle());
  return () => handler({}, lambdaContext());
};

const failing = (message: string) => () => {
  throw new Error(message);
};

test('start and end are logged with the request id', async () => {
  const { logger, logged, lines } = captureLog();
  const run = functionThat(async () => ({ logger, metrics }));
  expect(await run()).toBe('answer');
  expect(logged()).toEqual(['INFO function started', 'INFO function finished']);
  for (const line of lines)
    expect(line).toMatchObject({ function_request_id: 'request-1', function_name: 'test' });
});

test('an error is logged and rethrown', async () => {
  const { logger, logged, lines } = captureLog();
  await expect(functionThat(async () => ({ logger, metrics }), failing('out of luck'))()).rejects.toThrow(
    'out of luck',
  );
  expect(logged()).toEqual(['INFO function started', 'ERROR function failed']);
  expect(lines[1]).toMatchObject({ error: { name: 'Error', message: 'out of luck' }, function_name: 'test' });
});

test('the dependencies are built once, at the first invocation', async () => {
  const { logger } = captureLog();
  let builds = 0;
  const run = functionThat(async () => {
    builds++;
    return { logger, metrics };
  });
  expect(builds).toBe(0);
  await run();
  await run();
  expect(builds).toBe(1);
});

test('if the dependencies cannot be built, the invocation fails with that error, and the next one builds again', async () => {
  const { logger, logged, lines } = captureLog();
  let builds = 0;
  const run = functionThat(async () => {
    if (++builds < 3) throw new Error(`no luck ${builds}`);
    return { logger, metrics };
  });
  await expect(run()).rejects.toThrow(new Error('no luck 1'));
  await expect(run()).rejects.toThrow(new Error('no luck 2'));
  expect(logged()).toEqual(['ERROR function failed', 'ERROR function failed']);
  expect(lines).toMatchObject([{ error: { message: 'no luck 1' } }, { error: { message: 'no luck 2' } }]);
  expect(await run()).toBe('answer');
  expect(builds).toBe(3);
});

const record = (messageId: string): SQSRecord => ({
  messageId,
  receiptHandle: 'r',
  body: '{}',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 's',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:q',
  awsRegion: 'eu-west-1',
});
const batch = { Records: [record('a'), record('b')] };

test('the function receives the records, its dependencies and the remaining time, and its failed records are reported', async () => {
  const { logger, logged } = captureLog();
  const handler = queueHandler(
    async () => ({ logger, metrics, greeting: 'hello' }),
    async (records, { greeting }, remainingMs) =>
      records.map(({ messageId }) => ({ itemIdentifier: `${greeting} ${messageId} ${remainingMs()}` })),
  );
  expect(await handler(batch, lambdaContext(1234))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'hello a 1234' }, { itemIdentifier: 'hello b 1234' }],
  });
  expect(logged()).toEqual(['INFO function started', 'INFO function finished']);
});

test('without failures no record is reported', async () => {
  const { logger } = captureLog();
  const handler = queueHandler(
    async () => ({ logger, metrics }),
    async () => [],
  );
  expect(await handler(batch, lambdaContext())).toEqual({ batchItemFailures: [] });
});

test('if the dependencies cannot be built, the invocation fails, so that SQS delivers all records again', async () => {
  const { logger, logged } = captureLog();
  let builds = 0;
  const handled: string[] = [];
  const handler = queueHandler(
    async () => {
      if (++builds === 1) throw new Error('no secrets');
      return { logger, metrics };
    },
    async (records) => {
      handled.push(...records.map(({ messageId }) => messageId));
      return [];
    },
  );
  await expect(handler(batch, lambdaContext())).rejects.toThrow(new Error('no secrets'));
  expect(handled).toEqual([]);
  await handler(batch, lambdaContext());
  expect(handled).toEqual(['a', 'b']);
  expect(logged()).toEqual(['ERROR function failed', 'INFO function started', 'INFO function finished']);
});

test('if the function throws, the invocation fails', async () => {
  const { logger, logged } = captureLog();
  const handler = queueHandler(
    async () => ({ logger, metrics }),
    async () => {
      throw new Error('table gone');
    },
  );
  await expect(handler(batch, lambdaContext())).rejects.toThrow(new Error('table gone'));
  expect(logged()).toEqual(['INFO function started', 'ERROR function failed']);
});

const tick: unknown = JSON.parse(
  readFileSync(new URL('../../../events/ping-presence.scheduled.json', import.meta.url), 'utf8'),
);

test('each scheduled run gets the dependencies, which are built once', async () => {
  const { logger, logged } = captureLog();
  let builds = 0;
  const ran: string[] = [];
  const handler = scheduleHandler(
    async () => ({ logger, metrics, name: `build ${++builds}` }),
    async ({ name }) => void ran.push(name),
  );
  expect(await handler(tick, lambdaContext())).toBeUndefined();
  await handler(tick, lambdaContext());
  expect(ran).toEqual(['build 1', 'build 1']);
  expect(logged().slice(0, 2)).toEqual(['INFO function started', 'INFO function finished']);
});

test('if building or running fails, the run fails, and the next run is independent of it', async () => {
  const { logger, logged } = captureLog();
  let ticks = 0;
  const handler = scheduleHandler(
    async () => {
      if (++ticks === 1) throw new Error('no secrets');
      return { logger, metrics };
    },
    async () => {
      if (ticks++ === 2) throw new Error('no luck');
    },
  );
  await expect(handler(tick, lambdaContext())).rejects.toThrow(new Error('no secrets'));
  await expect(handler(tick, lambdaContext())).rejects.toThrow(new Error('no luck'));
  await handler(tick, lambdaContext());
  expect(logged()).toEqual([
    'ERROR function failed',
    'INFO function started',
    'ERROR function failed',
    'INFO function started',
    'INFO function finished',
  ]);
});
