/** DynamoDB by dynalite, in memory and without a socket. */
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import inject from 'light-my-request';
import type { Table } from '../aws/dynamodb.ts';
import { type AwsRequest, type AwsResponse, awsSettings, textOf } from './aws-settings.ts';

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
