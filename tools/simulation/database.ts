/** DynamoDB by dynalite, in memory and without a socket, and what the bridge has stored in it. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateScan,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import dynalite from 'dynalite';
import inject from 'light-my-request';
import * as z from 'zod/mini';
import { toNotice } from '../../lib/notices/item.ts';
import type { Notice } from '../../lib/notices/notice.ts';
import type { Table } from '../aws/dynamodb.ts';
import { type AwsRequest, type AwsResponse, awsSettings, type Carry, signed, textOf } from './aws.ts';
import { createIndexes, type IndexOptions } from './indexes.ts';

export const tableName = 'notices';

/** The table of serverless.yml, as far as dynalite goes. */
export const tableLayout: Table['properties'] = {
  AttributeDefinitions: [
    { AttributeName: 'key', AttributeType: 'S' },
    { AttributeName: 'queue', AttributeType: 'S' },
    { AttributeName: 'queueOrder', AttributeType: 'S' },
    { AttributeName: 'visitorId', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'queue',
      KeySchema: [
        { AttributeName: 'queue', KeyType: 'HASH' },
        { AttributeName: 'queueOrder', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: 'visitor',
      KeySchema: [
        { AttributeName: 'visitorId', KeyType: 'HASH' },
        { AttributeName: 'key', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

/** The SDK waits half as long for DynamoDB as for other services. Milliseconds. */
const dynamoDbBaseMs = 25;

/** A client whose requests `carry` brings to DynamoDB. */
export const dynamoDbClient = (carry: Carry, waiting?: Parameters<typeof awsSettings>[1]): DynamoDBClient => {
  const client = new DynamoDBClient(awsSettings(carry, waiting, dynamoDbBaseMs));
  // It prepares each request and answer for a log that nobody reads, which takes a twentieth of the time.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

const replicaName = `${tableName}-as-indexed`;

/**
 * The notices' table on a fresh DynamoDB.
 * @param lag of its indexes; without it they show each write at once
 */
export const startDatabase = async (lag?: Pick<IndexOptions, 'clock' | 'lagMs'>) => {
  const server = dynalite({ createTableMs: 0 });
  const direct = async (request: AwsRequest): Promise<AwsResponse> => {
    const { statusCode, rawPayload } = await inject(
      (incoming, response) => void server.emit('request', incoming, response),
      { method: 'POST', url: '/', headers: request.headers, payload: textOf(request) },
    );
    return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: rawPayload };
  };
  /** Passes the gate by: for what watches the simulation rather than being simulated. */
  const client = dynamoDbClient(direct);
  await createTable(client, tableName);
  if (lag === undefined) return { handle: direct, client, ask: asking(direct) };

  await createTable(client, replicaName);
  const indexes = createIndexes({ ...lag, tableName, replicaName, ask: asking(direct) });
  const handle = async (request: AwsRequest): Promise<AwsResponse> => {
    const response = await direct(indexes.redirected(request));
    await indexes.onWrite(request, response);
    return response;
  };
  return { handle, client, ask: asking(handle) };
};

type Database = Awaited<ReturnType<typeof startDatabase>>;

const asking = (carry: Carry) => (operation: string, body: object) =>
  carry({
    headers: {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      ...signed,
    },
    body: JSON.stringify(body),
  });

const createTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...tableLayout }));
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await pause(1);
  }
};

/** The notices that are stored, as the bridge reads them. */
export const readNotices = async (client: DynamoDBClient): Promise<Notice[]> => {
  const notices: Notice[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) {
    for (const item of Items) if (item.key?.S?.startsWith('notice#')) notices.push(toNotice(item));
  }
  return notices;
};

const expiring = z.object({ key: z.string(), expiresAt: z.optional(z.number()) });

/**
 * Deletes what has expired by now (milliseconds since 1970), as DynamoDB does some time after.
 */
export const deleteExpired = async (
  { client, ask }: Pick<Database, 'client' | 'ask'>,
  now: number,
): Promise<void> => {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) {
    for (const item of Items) {
      const { key, expiresAt } = expiring.parse(unmarshall(item));
      if (expiresAt !== undefined && expiresAt * 1000 < now)
        await ask('DeleteItem', { TableName: tableName, Key: { key: { S: key } } });
    }
  }
};

/** Whether a notice still waits to be delivered. */
export const isAnyDue = async (client: DynamoDBClient): Promise<boolean> => {
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: 'queue',
      KeyConditionExpression: 'queue = :due',
      ExpressionAttributeValues: { ':due': { S: 'due' } },
      Limit: 1,
    }),
  );
  return Count > 0;
};
