import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import { expect, test } from 'vitest';
import { type Instruments, instrumented } from '../../../lib/runtime/handler.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { captureLog } from '../../support/logger.ts';

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

test('start and end are logged, with the invocation they belong to', async () => {
  const { logger, told, lines } = captureLog();
  const run = functionThat(async () => ({ logger, metrics }));
  expect(await run()).toBe('answer');
  expect(told()).toEqual(['INFO function started', 'INFO function finished']);
  for (const line of lines)
    expect(line).toMatchObject({ function_request_id: 'request-1', function_name: 'test' });
});

test('a failure is logged and remains one', async () => {
  const { logger, told, lines } = captureLog();
  await expect(functionThat(async () => ({ logger, metrics }), failing('out of luck'))()).rejects.toThrow(
    'out of luck',
  );
  expect(told()).toEqual(['INFO function started', 'ERROR function failed']);
  expect(lines[1]).toMatchObject({ error: { name: 'Error', message: 'out of luck' }, function_name: 'test' });
});

test('the dependencies are built at the first invocation, once', async () => {
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

test('dependencies that cannot be built fail the invocation with their own error, and are built anew at the next', async () => {
  const { logger, told, lines } = captureLog();
  let builds = 0;
  const run = functionThat(async () => {
    if (++builds < 3) throw new Error(`no luck ${builds}`);
    return { logger, metrics };
  });
  await expect(run()).rejects.toThrow(new Error('no luck 1'));
  await expect(run()).rejects.toThrow(new Error('no luck 2'));
  expect(told()).toEqual(['ERROR function failed', 'ERROR function failed']);
  expect(lines).toMatchObject([{ error: { message: 'no luck 1' } }, { error: { message: 'no luck 2' } }]);
  expect(await run()).toBe('answer');
  expect(builds).toBe(3);
});
