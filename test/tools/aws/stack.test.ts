import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, onTestFinished, test } from 'vitest';
import { credentials, region } from '../../../tools/aws/account.ts';
import { sqsClient } from '../../../tools/aws/queues.ts';
import { type Stack, type StackOptions, startStack } from '../../../tools/aws/stack.ts';
import { queuePolicy, smallTemplate } from './small-template.ts';

const start = async (options: Partial<StackOptions> = {}) => {
  const stack = await startStack({
    template: smallTemplate(),
    stackName: 'test',
    ports: { bus: 0, dynamoDb: 0, queues: 0 },
    secrets: '{"key":"value"}',
    now: () => new Date('2026-11-24T08:00:00Z'),
    ...options,
  });
  onTestFinished(stack.close);
  return stack;
};

const put = (stack: Stack, ...entries: { Source: string; EventBusName?: string }[]) => {
  const client = new EventBridgeClient({ endpoint: stack.urls.bus, region, credentials });
  const Entries = entries.map((entry) => ({
    EventBusName: 'shop',
    DetailType: 'order',
    Detail: '{"a":1}',
    ...entry,
  }));
  return client.send(new PutEventsCommand({ Entries }));
};

const messagesIn = async (stack: Stack, logicalId: string, VisibilityTimeout = 0) => {
  const QueueUrl = stack.queues.find((queue) => queue.logicalId === logicalId)?.url;
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout,
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await sqsClient(stack.urls.queues).send(command);
  return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
    event: JSON.parse(Body),
    attributes: MessageAttributes,
  }));
};

test('an event that a rule matches is in the target queue as EventBridge would send it', async () => {
  const stack = await start();
  const { FailedEntryCount, Entries } = await put(stack, { Source: 'shop.orders' });
  expect(FailedEntryCount).toBe(0);
  expect(await messagesIn(stack, 'Queue')).toEqual([
    {
      event: {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'order',
        source: 'shop.orders',
        account: '000000000000',
        time: '2026-11-24T08:00:00Z',
        region: 'eu-west-1',
        resources: [],
        detail: { a: 1 },
      },
      attributes: {},
    },
  ]);
});

test('an event that no rule matches, or on another bus, or on an unknown one, reaches nobody', async () => {
  const lines: string[] = [];
  const stack = await start({ log: (line) => lines.push(line) });
  const bridge = { Source: 'bridge' };
  const byDefault = { Source: 'shop.orders', EventBusName: 'default' };
  const unknown = { Source: 'shop.orders', EventBusName: 'nowhere' };
  expect(await put(stack, bridge, byDefault, unknown)).toMatchObject({ FailedEntryCount: 0 });
  expect(await messagesIn(stack, 'Queue')).toEqual([]);
  expect(lines).toEqual([
    expect.stringContaining('no rule matches'),
    expect.stringContaining('no rule matches'),
    expect.stringContaining('there is no bus nowhere'),
  ]);
});

test('an entry is refused alone, with its reason', async () => {
  const stack = await start();
  const client = new EventBridgeClient({ endpoint: stack.urls.bus, region, credentials });
  const entry = { EventBusName: 'shop', Source: 'shop.orders', DetailType: 'order' };
  const result = await client.send(
    new PutEventsCommand({
      Entries: [
        { ...entry, Detail: '[]' },
        { ...entry, Detail: '{}' },
      ],
    }),
  );
  expect(result).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }, {}] });
  expect(await messagesIn(stack, 'Queue')).toHaveLength(1);
});

test('a call without entries is refused in the shape that the SDK knows', async () => {
  const stack = await start();
  await expect(put(stack)).rejects.toMatchObject({
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400 },
  });
});

test('without a policy for the queue the event is in the dead-letter queue, with the reason', async () => {
  const lines: string[] = [];
  const template = smallTemplate({ QueuePolicy: queuePolicy('DeadLetters') });
  const stack = await start({ template, log: (line) => lines.push(line) });
  await put(stack, { Source: 'shop.orders' });
  expect(await messagesIn(stack, 'Queue')).toEqual([]);
  expect(await messagesIn(stack, 'DeadLetters')).toMatchObject([
    {
      event: { source: 'shop.orders' },
      attributes: { ERROR_MESSAGE: { StringValue: expect.stringContaining('AWS::SQS::QueuePolicy') } },
    },
  ]);
  expect(lines.join('\n')).toContain('could not reach Queue');
});

test('without any policy the event is lost, and the log says so', async () => {
  const lines: string[] = [];
  const stack = await start({
    template: smallTemplate({ QueuePolicy: undefined }),
    log: (line) => lines.push(line),
  });
  await put(stack, { Source: 'shop.orders' });
  expect(await messagesIn(stack, 'DeadLetters')).toEqual([]);
  expect(lines.join('\n')).toContain('it is lost');
});

test('what the template lacks is missing: no rule, no delivery', async () => {
  const stack = await start({ template: smallTemplate({ Rule: undefined, QueuePolicy: undefined }) });
  await put(stack, { Source: 'shop.orders' });
  expect(await messagesIn(stack, 'Queue')).toEqual([]);
});

test.each([
  ['a target that is no queue', { Targets: [{ Id: 'f', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } }] }],
  [
    'a transformed input',
    { Targets: [{ Id: 'q', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }] },
  ],
  ['a malformed pattern', { EventPattern: { source: 'shop' } }],
])('a rule with %s is refused by name', async (_, changes) => {
  const Properties = { EventPattern: { source: ['shop'] }, ...changes };
  const template = smallTemplate({ Rule: { Type: 'AWS::Events::Rule', Properties } });
  await expect(start({ template })).rejects.toThrow('Rule');
});

const table = (properties: object) => ({
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      ...properties,
    },
  },
});

test.each([
  ['FifoQueue', { Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } }],
  ['KmsMasterKeyId', { Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'alias/aws/sqs' } } }],
  [
    'KmsKeyIdentifier',
    { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'b', KmsKeyIdentifier: 'k' } } },
  ],
  ['LocalSecondaryIndexes', table({ LocalSecondaryIndexes: [] })],
  ['StreamSpecification', table({ StreamSpecification: {} })],
])('a property that the local run does not support is refused by name: %s', async (name, changes) => {
  const [logicalId = ''] = Object.keys(changes);
  const starting = start({ template: smallTemplate(changes) });
  await expect(starting).rejects.toThrow(`the local run does not support ${logicalId}`);
  await expect(starting).rejects.toThrow(name);
});

test('a queue that hides its messages for less than the function may take is refused, as in AWS', async () => {
  const Queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 29 } };
  await expect(start({ template: smallTemplate({ Queue }) })).rejects.toThrow('29 s, less than the 30 s');
});

test('a message received more often than the queue allows is in its dead-letter queue', async () => {
  const stack = await start();
  await put(stack, { Source: 'shop.orders' });
  const received = [];
  for (let n = 0; n < 3; n += 1) received.push((await messagesIn(stack, 'Queue')).length);
  expect(received).toEqual([1, 1, 0]);
  expect(await messagesIn(stack, 'DeadLetters')).toHaveLength(1);
});

test('tables have the keys and indexes of the template', async () => {
  const stack = await start();
  const client = new DynamoDBClient({ endpoint: stack.urls.dynamoDb, region, credentials });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'test-Table' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [{ IndexName: 'queue' }],
  });
  expect(stack.functions).toMatchObject([{ name: 'fn', environment: { TABLE_NAME: 'test-Table' } }]);
});

test('items and messages outlive a restart, also one that somebody is working on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'local-stack-'));
  const first = await start({ directory });
  const putItem = new PutItemCommand({
    TableName: 'test-Table',
    Item: { key: { S: 'a' }, queue: { S: 'due' } },
  });
  await new DynamoDBClient({ endpoint: first.urls.dynamoDb, region, credentials }).send(putItem);
  await put(first, { Source: 'shop.orders' });
  expect(await messagesIn(first, 'Queue', 60)).toHaveLength(1);
  await put(first, { Source: 'shop.returns' });
  await first.close();

  const second = await start({ directory });
  const client = new DynamoDBClient({ endpoint: second.urls.dynamoDb, region, credentials });
  expect(await client.send(new ScanCommand({ TableName: 'test-Table' }))).toMatchObject({ Count: 1 });
  const messages = await messagesIn(second, 'Queue');
  expect(messages.map(({ event }) => event.source).sort()).toEqual(['shop.orders', 'shop.returns']);
});

test('what is taken outlives a kill from the moment of the answer, and what is done stays done', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'local-stack-'));
  const first = await start({ directory });
  const sqs = sqsClient(first.urls.queues);
  const QueueUrl = first.queues.find(({ logicalId }) => logicalId === 'Queue')?.url;
  await put(first, { Source: 'shop.done' });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const ReceiptHandle = Messages[0]?.ReceiptHandle;
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', ReceiptHandle }] }));
  const sources = Array.from({ length: 20 }, (_, index) => `shop.${index}`);
  await Promise.all(sources.map((Source) => put(first, { Source })));
  /** As a kill would leave it: the first goes on, and is asked for nothing. */
  const left = `${directory}-left`;
  await cp(directory, left, { recursive: true });

  const second = await start({ directory: left });
  const found = [];
  for (let count = 0; count < 3; count++) found.push(...(await messagesIn(second, 'Queue', 60)));
  expect(found.map(({ event }) => event.source).toSorted()).toEqual(sources.toSorted());
  await cp(left, `${left}-again`, { recursive: true });
  const third = await start({ directory: `${left}-again` });
  expect(await messagesIn(third, 'Queue')).toHaveLength(10);
});

test('a table from an earlier run with other indexes is refused with a way out', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'local-stack-'));
  await (await start({ directory })).close();
  await expect(start({ directory, template: smallTemplate(table({})) })).rejects.toThrow('delete');
});

test('the secrets are the parameter that the functions name, readable only when decrypted', async () => {
  const { urls } = await start();
  const client = new SSMClient({ endpoint: urls.bus, region, credentials });
  const read = (input: { Name: string; WithDecryption?: boolean }) =>
    client.send(new GetParameterCommand(input));
  expect(await read({ Name: '/shop/secrets', WithDecryption: true })).toMatchObject({
    Parameter: { Type: 'SecureString', Value: '{"key":"value"}' },
  });
  expect((await read({ Name: '/shop/secrets' })).Parameter?.Value).not.toContain('value');
  await expect(read({ Name: '/shop/other' })).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test.each([
  ['AWSEvents.PutRule', '{}', 'UnknownOperationException'],
  ['AWSEvents.DescribeEventSource', '{}', 'ValidationException'],
  ['AWSEvents.DescribeEventSource', '{"Name":"shop"}', 'ResourceNotFoundException'],
  ['AWSEvents.ListRules', '{"EventBusName":"nowhere"}', 'ResourceNotFoundException'],
  ['AWSEvents.ListRules', '[]', 'ValidationException'],
  ['AWSEvents.PutEvents', '{', 'SerializationException'],
  ['AmazonSSM.GetParameter', '{}', 'ValidationException'],
])('%s with %s is answered with %s', async (target, body, type) => {
  const { urls } = await start();
  const response = await fetch(urls.bus, { method: 'POST', headers: { 'x-amz-target': target }, body });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: type });
});

test('an event may hold an emoji, as it may in AWS', async () => {
  const stack = await start();
  const client = new EventBridgeClient({ endpoint: stack.urls.bus, region, credentials });
  const Detail = JSON.stringify({ text: 'Ready 🎁, Zoë ☕' });
  const entry = { EventBusName: 'shop', DetailType: 'order', Source: 'shop.orders', Detail };
  await client.send(new PutEventsCommand({ Entries: [entry] }));
  expect(await messagesIn(stack, 'Queue')).toMatchObject([
    { event: { detail: { text: 'Ready 🎁, Zoë ☕' } } },
  ]);
});
