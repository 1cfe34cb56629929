import { DeleteItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { createClock } from '../../../tools/simulation/clock.ts';
import {
  deleteExpired,
  dynamoDbClient,
  startDatabase,
  tableName as TableName,
} from '../../../tools/simulation/database.ts';

const started = async (...lags: number[]) => {
  const clock = createClock(0);
  const database = await startDatabase({ clock, lagMs: () => lags.shift() ?? 0 });
  const client = dynamoDbClient(database.handle);
  return {
    clock,
    database,
    put: (key: string, queueOrder: string, expiresAt?: number) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: {
            key: { S: key },
            queue: { S: 'due' },
            queueOrder: { S: queueOrder },
            ...(expiresAt === undefined ? {} : { expiresAt: { N: String(expiresAt) } }),
          },
        }),
      ),
    settle: (key: string) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: { key: { S: key } },
          UpdateExpression: 'REMOVE queue, queueOrder',
        }),
      ),
    remove: (key: string) => client.send(new DeleteItemCommand({ TableName, Key: { key: { S: key } } })),
    due: async () => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'queue',
          KeyConditionExpression: 'queue = :due',
          ExpressionAttributeValues: { ':due': { S: 'due' } },
        }),
      );
      return Items.map(({ key, queueOrder }) => `${key?.S} ${queueOrder?.S}`);
    },
  };
};

test('an index shows a write only after its lag', async () => {
  const { clock, put, due } = await started(60_000);
  await put('a', '1');
  await clock.runUntil(59_000);
  expect(await due()).toEqual([]);
  await clock.runUntil(60_000);
  expect(await due()).toEqual(['a 1']);
});

test('the changes of one item come in their order, those of different items need not', async () => {
  const { clock, put, settle, remove, due } = await started(60_000, 1_000, 1_000, 5_000, 0);
  await put('a', '1');
  await put('b', '1');
  await settle('a');
  await remove('b');
  await clock.runUntil(2_000);
  expect(await due()).toEqual(['b 1']);
  await clock.runUntil(6_000);
  expect(await due()).toEqual([]);
  await clock.runUntil(60_000);
  expect(await due()).toEqual([]);
});

test('what has expired is deleted, from the indexes too', async () => {
  const { clock, database, put, due } = await started();
  await put('old', '1', 10);
  await put('new', '1', 30);
  await clock.runUntil(20_000);
  await deleteExpired(database, clock.now());
  await clock.runUntil(21_000);
  expect(await due()).toEqual(['new 1']);
});
