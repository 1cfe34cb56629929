/** What stands in the database, read past the gate. */
import { type DynamoDBClient, paginateScan, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { tableName } from './database.ts';

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

/** Whether a notice still waits to be told. */
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
