import { text } from 'node:stream/consumers';
import * as sdkDynamoDb from '@aws-sdk/client-dynamodb';
import * as sdkSqs from '@aws-sdk/client-sqs';
import * as sdkSsm from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as dynamoDb from '../../../lib/aws/dynamodb.ts';
import * as sqs from '../../../lib/aws/sqs.ts';
import * as ssm from '../../../lib/aws/ssm.ts';
import { awsClientSettings } from '../../../lib/runtime/aws-client.ts';
import { listen } from '../../../tools/aws/listen.ts';

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  return () => vi.unstubAllEnvs();
});

interface Call {
  headers: Record<string, unknown>;
  body: unknown;
}

interface Answer {
  status?: number;
  body: unknown;
}

/** What a service answers, call by call; the last answer is given again and again. */
const startService = async (...answers: Answer[]) => {
  const calls: Call[] = [];
  const server = await listen(async (request, response) => {
    const { status = 200, body } = answers[calls.length] ?? answers.at(-1) ?? { body: {} };
    calls.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  }, 0);
  onTestFinished(() => server.close());
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  return { calls, url: server.url };
};

const refusal = (code: string, more: object = {}): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: 'said', ...more },
});

const key = { key: { S: 'notice#Zoë 🎁' } };
const table = { TableName: 'notices' };

const settings = awsClientSettings;

describe('what is sent is what the AWS SDK sends', () => {
  const get = { ...table, Key: key, ConsistentRead: true };
  const put: sdkDynamoDb.PutItemCommandInput = {
    ...table,
    Item: { ...key, list: { L: [{ N: '1' }, { NULL: true }] }, map: { M: { on: { BOOL: true } } } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  const update = { ...table, Key: key, UpdateExpression: 'SET #a = :a', ReturnValues: 'ALL_NEW' } as const;
  const remove = { ...table, Key: key, ReturnValues: 'ALL_OLD' } as const;
  const query = { ...table, IndexName: 'queue', Limit: 25, ExclusiveStartKey: key };
  const getMany = { RequestItems: { notices: { Keys: [key] } } };
  const putMany = { RequestItems: { notices: [{ PutRequest: { Item: key } }] } };
  const letter = {
    QueueUrl: 'http://127.0.0.1/000000000000/letters',
    MessageBody: '{"é": 1}',
    MessageAttributes: { reason: { DataType: 'String', StringValue: 'not JSON' } },
  };
  const parameter = { Name: '/secrets', WithDecryption: true };

  const table1 = () => new dynamoDb.DynamoDBClient(settings);
  const table2 = () => new sdkDynamoDb.DynamoDBClient(settings);
  const pairs: [name: string, ours: () => Promise<unknown>, theirs: () => Promise<unknown>][] = [
    [
      'GetItem',
      () => table1().send(new dynamoDb.GetItemCommand(get)),
      () => table2().send(new sdkDynamoDb.GetItemCommand(get)),
    ],
    [
      'PutItem',
      () => table1().send(new dynamoDb.PutItemCommand(put)),
      () => table2().send(new sdkDynamoDb.PutItemCommand(put)),
    ],
    [
      'UpdateItem',
      () => table1().send(new dynamoDb.UpdateItemCommand(update)),
      () => table2().send(new sdkDynamoDb.UpdateItemCommand(update)),
    ],
    [
      'DeleteItem',
      () => table1().send(new dynamoDb.DeleteItemCommand(remove)),
      () => table2().send(new sdkDynamoDb.DeleteItemCommand(remove)),
    ],
    [
      'Query',
      () => table1().send(new dynamoDb.QueryCommand(query)),
      () => table2().send(new sdkDynamoDb.QueryCommand(query)),
    ],
    [
      'BatchGetItem',
      () => table1().send(new dynamoDb.BatchGetItemCommand(getMany)),
      () => table2().send(new sdkDynamoDb.BatchGetItemCommand(getMany)),
    ],
    [
      'BatchWriteItem',
      () => table1().send(new dynamoDb.BatchWriteItemCommand(putMany)),
      () => table2().send(new sdkDynamoDb.BatchWriteItemCommand(putMany)),
    ],
    [
      'SendMessage',
      () => new sqs.SQSClient(settings).send(new sqs.SendMessageCommand(letter)),
      () =>
        new sdkSqs.SQSClient({ ...settings, md5: false, useQueueUrlAsEndpoint: false }).send(
          new sdkSqs.SendMessageCommand(letter),
        ),
    ],
    [
      'GetParameter',
      () => new ssm.SSMClient(settings).send(new ssm.GetParameterCommand(parameter)),
      () => new sdkSsm.SSMClient(settings).send(new sdkSsm.GetParameterCommand(parameter)),
    ],
  ];

  test.for(pairs)('%s', async ([, ours, theirs]) => {
    const { calls } = await startService({ body: {} });
    await ours();
    await theirs();
    const [our, their] = calls.map(({ headers, body }) => ({
      body,
      target: headers['x-amz-target'],
      type: headers['content-type'],
      credential: String(headers.authorization).split(',')[0],
    }));
    expect(our).toEqual(their);
  });
});

test('the answer is given as it is', async () => {
  await startService({ body: { Item: key } });
  const client = new dynamoDb.DynamoDBClient(settings);
  expect(await client.send(new dynamoDb.GetItemCommand(table))).toEqual({ Item: key });
});

test('a failed condition brings what stands there along, if it was asked for', async () => {
  await startService(refusal('ConditionalCheckFailedException', { Item: key }), {
    ...refusal('ConditionalCheckFailedException'),
  });
  const client = new dynamoDb.DynamoDBClient(settings);
  const failure = () => client.send(new dynamoDb.PutItemCommand(table)).catch((error: unknown) => error);
  const first = await failure();
  expect(first).toBeInstanceOf(dynamoDb.ConditionalCheckFailedException);
  expect(first).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'said', Item: key });
  expect(await failure()).toMatchObject({ Item: undefined });
});

test('any other error is named by its code', async () => {
  const { calls } = await startService(refusal('AccessDeniedException'));
  const client = new dynamoDb.DynamoDBClient(settings);
  const error = await client.send(new dynamoDb.GetItemCommand(table)).catch((thrown: unknown) => thrown);
  expect(error).not.toBeInstanceOf(dynamoDb.ConditionalCheckFailedException);
  expect(error).toMatchObject({ name: 'AccessDeniedException', message: 'said', status: 400 });
  expect(calls).toHaveLength(1);
});

test.for<[string, Answer]>([
  ['fails', { status: 500, body: '<html>' }],
  ['is overloaded', { status: 503, body: {} }],
  ['has had too many calls', refusal('ProvisionedThroughputExceededException')],
  ['throttles', refusal('ThrottlingException')],
])('where AWS %s, the call is made again', async ([, answer]) => {
  const { calls } = await startService(answer, answer, { body: { Item: key } });
  const client = new dynamoDb.DynamoDBClient(settings);
  expect(await client.send(new dynamoDb.GetItemCommand(table))).toEqual({ Item: key });
  expect(calls).toHaveLength(3);
});

test('after three attempts it is given up', async () => {
  const { calls } = await startService({ status: 500, body: {} });
  const client = new dynamoDb.DynamoDBClient(settings);
  await expect(client.send(new dynamoDb.GetItemCommand(table))).rejects.toThrow(
    expect.objectContaining({ name: 'Status500', status: 500 }),
  );
  expect(calls).toHaveLength(3);
});

const impatient = { maxAttempts: 2, requestHandler: { requestTimeout: 50 } };

test('a call that is not answered is given up, and made again', async () => {
  let calls = 0;
  const server = await listen(() => void calls++, 0);
  onTestFinished(() => server.close());
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  const client = new ssm.SSMClient(impatient);
  await expect(client.send(new ssm.GetParameterCommand({}))).rejects.toThrow('No answer within 50 ms');
  expect(calls).toBe(2);
});

test('an answer that stalls half-way is given up', async () => {
  const server = await listen((_, response) => void response.write('{"Parameter":'), 0);
  onTestFinished(() => server.close());
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  const client = new ssm.SSMClient(impatient);
  await expect(client.send(new ssm.GetParameterCommand({}))).rejects.toThrow(/No answer|aborted/);
});

test('a connection that breaks is replaced', async () => {
  let calls = 0;
  const server = await listen((request, response) => {
    if (++calls === 1) request.destroy();
    else response.end('{}');
  }, 0);
  onTestFinished(() => server.close());
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  expect(await new ssm.SSMClient(settings).send(new ssm.GetParameterCommand({}))).toEqual({});
});

test('an endpoint of the service’s own goes before one for all', async () => {
  const { calls, url } = await startService({ body: {} });
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', url);
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  await new ssm.SSMClient(settings).send(new ssm.GetParameterCommand({}));
  expect(calls[0]?.headers).toMatchObject({ 'x-amz-security-token': 'token' });
});

test('a query of several pages goes on where each ends', async () => {
  const last = { key: { S: 'a' } };
  const { calls } = await startService(
    { body: { Items: [1], LastEvaluatedKey: last } },
    { body: { Items: [2] } },
  );
  const client = new dynamoDb.DynamoDBClient(settings);
  const pages: unknown[] = [];
  for await (const { Items } of dynamoDb.paginateQuery({ client }, { ...table, Limit: 1 })) pages.push(Items);
  expect(pages).toEqual([[1], [2]]);
  expect(calls.map(({ body }) => body)).toEqual([
    { ...table, Limit: 1 },
    { ...table, Limit: 1, ExclusiveStartKey: last },
  ]);
});
