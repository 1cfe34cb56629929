/** The queues, the table and the logs: who may reach them, how they are kept and encrypted. */
import { expect, test } from 'vitest';
import { all, packagedTemplate, referencesIn, type Template } from './template.ts';

const queues = ['EventQueue', 'DeadLetterQueue', 'FailedRunQueue'];

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** The rules that send to a queue, be it what they could not deliver. */
const sendersTo = (template: Template, queue: string): string[] =>
  all(template, 'AWS::Events::Rule')
    .filter(({ Properties }) => referencesIn(Properties.Targets).includes(queue))
    .map(({ logicalId }) => logicalId);

test('every queue has a policy of its own', async () => {
  const template = await packagedTemplate();
  expect(all(template, 'AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toEqual(queues);
  const policies = all(template, 'AWS::SQS::QueuePolicy').map(({ Properties }) => Properties.Queues);
  expect(policies).toEqual(queues.map((queue) => [{ Ref: queue }]));
});

test.for(queues)('%s lets in the rules that send to it and nobody else, with TLS alone', async (queue) => {
  const template = await packagedTemplate();
  const { PolicyDocument } = template.Resources[`${queue}Policy`]?.Properties ?? {};
  const senders = sendersTo(template, queue);
  expect(PolicyDocument.Statement).toEqual([
    ...senders.map((sender) => ({
      Sid: expect.any(String),
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arnOf(queue),
      Condition: { ArnEquals: { 'aws:SourceArn': arnOf(sender) } },
    })),
    {
      Sid: expect.any(String),
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: arnOf(queue),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
});

test('the event queue hides a message from others for six times as long as its function may run', async () => {
  const { Resources } = await packagedTemplate();
  const timeout = Resources.PushDashmessageLambdaFunction?.Properties.Timeout;
  expect(timeout).toBeGreaterThan(0);
  expect(Resources.EventQueue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
});

test('the event queue gives up on a message only after five deliveries, into the dead-letter queue', async () => {
  const { EventQueue } = (await packagedTemplate()).Resources;
  expect(EventQueue?.Properties.RedrivePolicy).toEqual({
    deadLetterTargetArn: arnOf('DeadLetterQueue'),
    maxReceiveCount: 5,
  });
});

test('the event queue keeps what nobody reads for two weeks, and the dead-letter queue no shorter', async () => {
  const { EventQueue, DeadLetterQueue } = (await packagedTemplate()).Resources;
  const kept = EventQueue?.Properties.MessageRetentionPeriod;
  expect(kept).toBe(14 * 24 * 3600);
  // A message's age counts from when it was first sent.
  expect(DeadLetterQueue?.Properties.MessageRetentionPeriod).toBeGreaterThanOrEqual(kept);
});

test('the table has its indexes, is paid by the item, recoverable, and its old items are swept away', async () => {
  const { Table } = (await packagedTemplate()).Resources;
  expect(Table?.Properties).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [{ IndexName: 'queue' }, { IndexName: 'visitor' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  expect(Table?.UpdateReplacePolicy).toBe('Retain');
});

test('queues and table are encrypted, and logs are deleted after thirty days', async () => {
  const template = await packagedTemplate();
  for (const { Properties } of all(template, 'AWS::SQS::Queue'))
    expect(Properties.SqsManagedSseEnabled).toBe(true);
  expect(template.Resources.Table?.Properties.SSESpecification).toEqual({ SSEEnabled: true });
  for (const { Properties } of all(template, 'AWS::Logs::LogGroup'))
    expect(Properties.RetentionInDays).toBe(30);
});

test('any other stage leaves nothing behind', async () => {
  const { Resources } = await packagedTemplate();
  expect(Resources.Table).toMatchObject({ DeletionPolicy: 'Delete' });
  expect(Resources.Table?.Properties.DeletionProtectionEnabled).toBe(false);
  expect(Resources).not.toHaveProperty('Archive');
  expect(Resources).not.toHaveProperty('AlarmEmail');
});
