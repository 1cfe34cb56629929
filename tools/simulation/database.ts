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
import type { Table } from '../aws/dynamodb.ts';
import { type AwsRequest, type AwsResponse, awsSettings, textOf } from './aws.ts';

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

/** A client whose requests `carry` brings to DynamoDB. */
export const dynamoDbClient = (carry: (request: AwsRequest) => Promise<AwsResponse>): DynamoDBClient => {
  const client = new DynamoDBClient(awsSettings(carry));
  // It prepares each request and answer for a log that nobody reads, which takes a twentieth of the time.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

/** The notices' table on a fresh DynamoDB. */
export const startDatabase = async () => {
  const server = dynalite({ createTableMs: 0 });
  const handle = async (request: AwsRequest): Promise<AwsResponse> => {
    const { statusCode, rawPayload } = await inject(
      (incoming, response) => void server.emit('request', incoming, response),
      { method: 'POST', url: '/', headers: request.headers, payload: textOf(request) },
    );
    return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: rawPayload };
  };
  /** Passes the gate by: for what watches the simulation rather than being simulated. */
  const client = dynamoDbClient(handle);
  await client.send(
    new CreateTableCommand({ TableName: tableName, BillingMode: 'PAY_PER_REQUEST', ...tableLayout }),
  );
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === 'ACTIVE') return { handle, client };
    await pause(1);
  }
};

const storedNotice = z.object({
  reference: z.string(),
  unknown: z.optional(z.unknown()),
  refusal: z.optional(z.unknown()),
  expired: z._default(z.boolean(), false),
  orphans: z._default(z.array(z.unknown()), []),
});

/** As much of a notice as shows an operator what became of it. */
export type StoredNotice = z.output<typeof storedNotice>;

export const readNotices = async (client: DynamoDBClient): Promise<StoredNotice[]> => {
  const notices: StoredNotice[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) {
    for (const item of Items) {
      const { key, ...fields } = unmarshall(item);
      if (String(key).startsWith('notice#'))
        notices.push(storedNotice.parse({ reference: String(key).slice('notice#'.length), ...fields }));
    }
  }
  return notices;
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
