/**
 * The calls that push-message makes for an event, by the same clients, and nothing else: what it takes beyond this is the
 * bridge's own.
 */
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import { awsClientSettings } from '../../../lib/runtime/aws-client.ts';

const { BREVO_BASE_URL: baseUrl = '', BREVO_API_KEY: apiKey = '' } = process.env;
const { TABLE_NAME: TableName, BUS_NAME: EventBusName } = process.env;

const dynamoDb = new DynamoDBClient(awsClientSettings);
const events = new EventBridgeClient(awsClientSettings);
const brevo = createBrevoClient({ baseUrl, credentials: async () => ({ apiKey }), fetch, timeoutMs: 12_000 });

const text =
  'Good news: your order 1001 is on its way with DHL. Follow your parcel here: https://dhl.example.com/1001';

/** About as large as a notice is. */
const fields = {
  reference: { S: 'order:1001' },
  visitorId: { S: 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg' },
  desired: { M: { text: { S: text }, status: { S: 'shipped' }, occurredAt: { N: '1768464000000' } } },
  applied: { M: { text: { S: text }, status: { S: 'shipped' }, revision: { N: '1' } } },
  messages: { L: [{ S: 'kfrPkPcBT2vTbmHM9' }] },
  version: { N: '1' },
};

const put = (key: string) =>
  dynamoDb.send(new PutItemCommand({ TableName, Item: { key: { S: key }, ...fields } }));

const make = async ({ messageId }: SQSRecord): Promise<void> => {
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName,
      Key: { key: { S: `calls#${messageId}` } },
      UpdateExpression: 'SET #desired = :desired, #version = :version',
      ExpressionAttributeNames: { '#desired': 'desired', '#version': 'version' },
      ExpressionAttributeValues: { ':desired': fields.desired, ':version': fields.version },
      ReturnValues: 'ALL_NEW',
    }),
  );
  await put('calls-budget');
  await brevo.pushedMessages.post({ visitorId: fields.visitorId.S, text });
  await put(`calls-message#${messageId}`);
  await put(`calls#${messageId}`);
  const Detail = JSON.stringify({ data: fields });
  const entry = { EventBusName, Source: 'conversations-bridge', DetailType: 'message.pushed', Detail };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
};

export const handler = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  for (const record of Records) await make(record);
  return { batchItemFailures: [] };
};
