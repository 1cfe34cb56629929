import { expect, inject, test } from 'vitest';
import { readResources } from '../../../tools/aws/resources.ts';
import { readTemplate } from '../../../tools/aws/template.ts';
import { timeouts } from '../../../tools/simulation/bridge.ts';
import { readOptions, withDefaults } from '../../../tools/simulation/config.ts';
import { tableLayout } from '../../../tools/simulation/database.ts';
import { queueSettings } from '../../../tools/simulation/queue.ts';

test('without options the defaults count', () => {
  expect(readOptions([])).toEqual({
    seed: 1,
    orders: 100,
    limit: 100,
    window: 3600,
    kind: 'fixed',
    scope: 'account',
    faults: 'none',
    outage: 0,
    freshness: 24,
    hours: 24,
    unknown: 'hold',
    json: false,
  });
});

test('options are read as what they mean', () => {
  expect(readOptions(['--seed', '7', '--hours', '0.5', '--faults', 'harsh', '--json'])).toEqual(
    withDefaults({ seed: 7, hours: 0.5, faults: 'harsh', json: true }),
  );
});

test('every option at fault is named', () => {
  expect(() => readOptions(['--orders', 'many', '--kind', 'round'])).toThrow(/orders.*kind/);
  expect(() => readOptions(['--colour', 'red'])).toThrow(/--colour/);
});

test('table, queue and time-outs are those that would be deployed', async () => {
  const template = await readTemplate(inject('templateFile'));
  const { tables, functions } = readResources(template, { stackName: 'test', queuesUrl: 'http://queues' });
  expect(tables.map(({ properties }) => properties)).toEqual([tableLayout]);
  const deployed = functions.map(({ name, timeoutSeconds }) => [
    name.replace(/^.*?-(dev|test)-/, ''),
    timeoutSeconds,
  ]);
  for (const [name, ms] of Object.entries(timeouts)) expect(deployed).toContainEqual([name, ms / 1000]);
  const ofType = (type: string) =>
    Object.values(template.Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties);
  expect(ofType('AWS::SQS::Queue')).toContainEqual(
    expect.objectContaining({
      VisibilityTimeout: queueSettings.visibilityTimeoutMs / 1000,
      RedrivePolicy: expect.objectContaining({ maxReceiveCount: queueSettings.maxReceiveCount }),
    }),
  );
  expect(ofType('AWS::Lambda::EventSourceMapping')).toContainEqual(
    expect.objectContaining({
      BatchSize: queueSettings.batchSize,
      ScalingConfig: { MaximumConcurrency: queueSettings.maximumConcurrency },
    }),
  );
});
