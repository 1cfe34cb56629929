import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { createTables, startDynamoDb } from '../../../tools/aws/dynamodb.ts';
import { createQueues, startQueues } from '../../../tools/aws/queues.ts';
import { checkStack, logicalIdOf } from '../../../tools/doctor/stack.ts';
import { type AwsAnswer, startAws } from '../../support/aws-server.ts';
import { accountAt, said } from './doctored.ts';

const stack = 'conversations-bridge-test';
const request = z.looseObject({ ExclusiveStartTableName: z.optional(z.string()) });

const tableNamed = (name: string) => ({
  name,
  properties: {
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' as const }],
  },
});

const startTables = async (...names: string[]) => {
  const dynamoDb = await startDynamoDb({ port: 0 });
  onTestFinished(() => dynamoDb.close());
  await createTables(dynamoDb.url, names.map(tableNamed));
  return dynamoDb.url;
};

/** Queues by name; the first of them passes on to the second what fails. */
const startSqs = async (...names: string[]) => {
  const sqs = await startQueues({ port: 0 });
  onTestFinished(() => sqs.close());
  const queues = names.map((name) => ({
    logicalId: name,
    name,
    arn: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
    url: `${sqs.url}/000000000000/${name}`,
    properties: {},
  }));
  const [first, second, ...others] = queues;
  const redrive = second && { RedrivePolicy: { deadLetterTargetArn: second.arn, maxReceiveCount: 5 } };
  if (second !== undefined) await createQueues(sqs.url, [second, ...others]);
  if (first !== undefined) await createQueues(sqs.url, [{ ...first, properties: { ...redrive } }]);
  return { url: sqs.url, urlOf: (name: string) => `${sqs.url}/000000000000/${name}` };
};

/** A bus that exists, or another answer. */
const startBus = (answer: AwsAnswer = { body: { Name: stack, Rules: [{ State: 'ENABLED' }] } }) =>
  startAws(() => answer);

/** DynamoDB as AWS has it, with point-in-time recovery, which the embedded one lacks. */
const startAwsTables = (table: string, status: string, recovery: string) =>
  startAws((body) => {
    const { ExclusiveStartTableName } = request.parse(body);
    if (ExclusiveStartTableName !== undefined) return { body: { TableNames: [table] } };
    const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: recovery };
    return {
      body: {
        Table: { TableName: table, TableStatus: status },
        ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription },
      },
    };
  });

test('a stack that is not there yet is no failure', async () => {
  const { url } = await startBus({ status: 400, body: { __type: 'ResourceNotFoundException' } });
  expect(said(await checkStack(accountAt({ bus: url })))).toEqual([`note: ${stack} is not deployed yet`]);
});

test('missing permission for the bus is reported', async () => {
  const { url } = await startBus({ status: 400, body: { __type: 'AccessDeniedException' } });
  const findings = await checkStack(accountAt({ bus: url }));
  expect(findings).toMatchObject([
    { grade: 'failure', advice: expect.stringContaining('events:DescribeEventBus') },
  ]);
});

test('a stack that is there and well', async () => {
  const [{ url: bus }, { url: dynamoDb }, { url: queues }] = await Promise.all([
    startBus(),
    startAwsTables(`${stack}-Table-1A2B3C`, 'ACTIVE', 'ENABLED'),
    startSqs(`${stack}-EventQueue-1A2B3C`, `${stack}-DeadLetterQueue-1A2B3C`),
  ]);
  expect(said(await checkStack(accountAt({ bus, dynamoDb, queues }))).toSorted()).toEqual([
    'ok: DeadLetterQueue exists, with 0 messages',
    'ok: EventQueue exists, with 0 messages',
    'ok: its rule is enabled',
    'ok: the event bus conversations-bridge-test exists',
    'ok: the table conversations-bridge-test-Table-1A2B3C is ACTIVE',
    'ok: the table has point-in-time recovery',
  ]);
});

test.each([
  ['none', []],
  ['a disabled one', [{ State: 'DISABLED' }]],
  ['that of an archive alone', [{ State: 'ENABLED', ManagedBy: 'prod.vhs.events.aws.internal' }]],
])('a bus whose rule is %s lets no event through', async (_, Rules) => {
  const { url: bus } = await startBus({ body: { Name: stack, Rules } });
  expect(said(await checkStack(accountAt({ bus })))).toContain(
    'failure: it has no enabled rule: no event reaches the bridge',
  );
});

test('a table that is not ready, and could not be restored', async () => {
  const [{ url: bus }, { url: dynamoDb }] = await Promise.all([
    startBus(),
    startAwsTables(`${stack}-Table-1`, 'UPDATING', 'DISABLED'),
  ]);
  expect(said(await checkStack(accountAt({ bus, dynamoDb })))).toEqual([
    'ok: the event bus conversations-bridge-test exists',
    'ok: its rule is enabled',
    'failure: the table conversations-bridge-test-Table-1 is UPDATING',
    'warning: the table has no point-in-time recovery',
    'failure: AWS does not answer in eu-west-1',
  ]);
});

test('what failed and lies in a queue is warned of, what waits to be done is not', async () => {
  const { url: queues, urlOf } = await startSqs(`${stack}-EventQueue`, `${stack}-DeadLetterQueue`);
  const dynamoDb = await startTables(`${stack}-Table`);
  const account = accountAt({ dynamoDb, queues }, { isLocal: true });
  for (const name of [`${stack}-EventQueue`, `${stack}-DeadLetterQueue`])
    await account.sqs.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody: 'event' }));
  expect(said(await checkStack(account)).toSorted()).toEqual([
    'ok: EventQueue exists, with 1 message',
    'ok: the table conversations-bridge-test-Table is ACTIVE',
    'warning: DeadLetterQueue holds 1 message that failed',
  ]);
});

test('tables and queues of other stages, and of others, are none of its business', async () => {
  const { url: queues } = await startSqs(`${stack}-2-EventQueue-1`, `${stack}-2-DeadLetterQueue-1`);
  const dynamoDb = await startTables('a-table', `${stack}-2-Table-1`, `${stack}-Index-1`, 'z-table');
  const account = accountAt({ dynamoDb, queues }, { isLocal: true });
  expect(said(await checkStack(account))).toEqual([
    'failure: there is no table',
    'failure: there are no queues',
  ]);
});

test.each([
  ['conversations-bridge-prod-Table-1A2b3C', 'Table'],
  ['conversations-bridge-prod-Table', 'Table'],
  ['conversations-bridge-prod-eu-Table-1A2B3C', undefined],
  ['conversations-bridge-production-Table-1', undefined],
  ['conversations-bridge-prod', undefined],
])('%s is of the stack, with the logical id %s', (name, logicalId) => {
  expect(logicalIdOf(name, 'conversations-bridge-prod')).toBe(logicalId);
});
