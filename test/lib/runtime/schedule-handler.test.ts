import { readFileSync } from 'node:fs';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { scheduleHandler } from '../../../lib/runtime/handler.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { captureLog } from '../../support/logger.ts';

const metrics = new Metrics({ namespace: 'test' });

const tick: unknown = JSON.parse(
  readFileSync(new URL('../../../events/ping-presence.scheduled.json', import.meta.url), 'utf8'),
);

test('each tick runs the function with its dependencies, built once', async () => {
  const { logger, told } = captureLog();
  let builds = 0;
  const ran: string[] = [];
  const handler = scheduleHandler(
    async () => ({ logger, metrics, name: `build ${++builds}` }),
    async ({ name }) => void ran.push(name),
  );
  expect(await handler(tick, lambdaContext())).toBeUndefined();
  await handler(tick, lambdaContext());
  expect(ran).toEqual(['build 1', 'build 1']);
  expect(told().slice(0, 2)).toEqual(['INFO function started', 'INFO function finished']);
});

test('a failure to build or to run fails the tick, and the next one is on its own', async () => {
  const { logger, told } = captureLog();
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
  expect(told()).toEqual([
    'ERROR function failed',
    'INFO function started',
    'ERROR function failed',
    'INFO function started',
    'INFO function finished',
  ]);
});
