import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import * as z from 'zod/mini';

const templateSchema = z.object({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.optional(z.any()) })),
});

const resources = async () =>
  templateSchema.parse(JSON.parse(await readFile(inject('templateFile'), 'utf8'))).Resources;

const all = async (type: string) =>
  Object.entries(await resources())
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties }]) => ({ logicalId, Properties }));

describe('the packaged template', () => {
  test('lets the rule send to the queues, which it could not otherwise', async () => {
    const [policy] = await all('AWS::SQS::QueuePolicy');
    expect(policy?.Properties.Queues).toEqual([{ Ref: 'EventQueue' }, { Ref: 'DeadLetterQueue' }]);
    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['EventRule', 'Arn'] } } },
      }),
    ]);
  });

  test('hides a message from others for six times as long as its function may run', async () => {
    const functions = await all('AWS::Lambda::Function');
    const timeout = functions.find(({ logicalId }) => logicalId.startsWith('PushDashmessage'))?.Properties
      .Timeout;
    const { EventQueue } = await resources();
    expect(EventQueue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
  });

  test('gives up on a message only after several deliveries, into the dead-letter queue', async () => {
    const { EventQueue } = await resources();
    expect(EventQueue?.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] },
      maxReceiveCount: 5,
    });
  });

  test('reports single records to the queue, and never more than two workers at once', async () => {
    const [mapping] = await all('AWS::Lambda::EventSourceMapping');
    expect(mapping?.Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  test('runs every function on Node 24, arm64, in a role of its own', async () => {
    const functions = await all('AWS::Lambda::Function');
    const handlers = readdirSync('functions').map((file) => file.replace(/\.ts$/, '.handler'));
    expect(functions.map(({ Properties }) => Properties.Handler).toSorted()).toEqual(
      handlers.map((handler) => `functions/${handler}`).toSorted(),
    );
    const roles = functions.map(({ Properties }) => {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      return JSON.stringify(Properties.Role);
    });
    expect(new Set(roles).size).toBe(functions.length);
  });

  test('keeps the table with its indexes, by the item paid, recoverable, and its old items swept away', async () => {
    const { Table } = await resources();
    expect(Table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Table?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [{ IndexName: 'queue' }, { IndexName: 'visitor' }],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(Table?.Properties).not.toHaveProperty('TableName');
  });

  test('holds no secret', async () => {
    const template = await readFile(inject('templateFile'), 'utf8');
    expect(template).not.toMatch(/local-brevo-key|local-visitor-secret|xkeysib/);
  });
});

test('a function’s package is one bundle, without source maps', async () => {
  const directory = dirname(inject('templateFile'));
  for (const name of ['push-message', 'deliver-pending', 'ping-presence']) {
    // A zip names its files in plain text.
    const zip = await readFile(join(directory, `${name}.zip`), 'latin1');
    expect(zip).toContain(`functions/${name}.mjs`);
    expect(zip).not.toContain('.map');
  }
});
