import { expect, inject, test } from 'vitest';
import { readResources } from '../../tools/aws/resources.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { timeouts } from '../../tools/simulation/bridge.ts';
import { tableLayout } from '../../tools/simulation/database.ts';
import { queueSettings } from '../../tools/simulation/queue.ts';

test('the simulation and the tests have the table, the queue and the time-outs that would be deployed', async () => {
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
