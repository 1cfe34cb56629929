import { describe, expect, test } from 'vitest';
import { all, packagedTemplate } from './template.ts';

const queues = ['EventQueue', 'DeadLetterQueue', 'FailedRunQueue'];

const statementsFor = async (queue: string) => {
  const policies = all(await packagedTemplate(), 'AWS::SQS::QueuePolicy').map(({ Properties }) => Properties);
  const own = policies.filter(({ Queues }) => JSON.stringify(Queues) === JSON.stringify([{ Ref: queue }]));
  return own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** Rules have to be let in, since no identity of theirs could be. */
const mayOnlySend = (queue: string, rules: unknown) =>
  expect.objectContaining({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf(queue),
    Condition: { ArnEquals: { 'aws:SourceArn': rules } },
  });

test('every queue has a policy of its own', async () => {
  const template = await packagedTemplate();
  expect(all(template, 'AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toEqual(queues);
  expect(all(template, 'AWS::SQS::QueuePolicy')).toHaveLength(queues.length);
});

test.for(queues)('%s takes nothing that is sent without TLS', async (queue) => {
  expect(await statementsFor(queue)).toContainEqual(
    expect.objectContaining({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: arnOf(queue),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
});

test.for([
  ['EventQueue', arnOf('EventRule')],
  ['DeadLetterQueue', arnOf('EventRule')],
  [
    'FailedRunQueue',
    [arnOf('DeliverDashpendingEventsRuleSchedule1'), arnOf('PingDashpresenceEventsRuleSchedule1')],
  ],
] as const)('%s lets the rules in that send to it, and nobody else', async ([queue, rules]) => {
  const allowed = (await statementsFor(queue)).filter(({ Effect }) => Effect === 'Allow');
  expect(allowed).toEqual([mayOnlySend(queue, rules)]);
});

test('every queue that a rule sends to lets that rule in', async () => {
  const rules = all(await packagedTemplate(), 'AWS::Events::Rule');
  for (const { logicalId, Properties } of rules) {
    const targets: { Arn: unknown; DeadLetterConfig?: { Arn: unknown } }[] = Properties.Targets;
    const arns = targets.flatMap(({ Arn, DeadLetterConfig }) => [Arn, DeadLetterConfig?.Arn]);
    const reached = queues.filter((queue) =>
      arns.some((arn) => JSON.stringify(arn) === JSON.stringify(arnOf(queue))),
    );
    expect(reached.length).toBeGreaterThan(0);
    for (const queue of reached)
      expect(JSON.stringify(await statementsFor(queue)), `${logicalId} to ${queue}`).toContain(
        JSON.stringify(arnOf(logicalId)),
      );
  }
});

describe('the event queue', () => {
  test('hides a message from others for six times as long as its function may run', async () => {
    const { Resources } = await packagedTemplate();
    const timeout = Resources.PushDashmessageLambdaFunction?.Properties.Timeout;
    expect(timeout).toBeGreaterThan(0);
    expect(Resources.EventQueue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
  });

  test('gives up on a message only after several deliveries, into the dead-letter queue', async () => {
    const { Resources } = await packagedTemplate();
    expect(Resources.EventQueue?.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: arnOf('DeadLetterQueue'),
      maxReceiveCount: 5,
    });
  });

  test('is told of single records that failed, by two workers at most', async () => {
    const [mapping] = all(await packagedTemplate(), 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  test('keeps what nobody reads for two weeks, and the dead-letter queue no shorter', async () => {
    const { Resources } = await packagedTemplate();
    const keptFor = (queue: string) => Resources[queue]?.Properties.MessageRetentionPeriod;
    expect(keptFor('EventQueue')).toBe(14 * 24 * 3600);
    // A message's age counts from when it was first sent.
    expect(keptFor('DeadLetterQueue')).toBeGreaterThanOrEqual(keptFor('EventQueue'));
  });
});
