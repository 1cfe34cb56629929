import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../runtime/parse.ts';
import type { StoreOptions } from './item.ts';
import { type Item, queueOrder } from './item.ts';

/** An erasure under way. Times are milliseconds since 1970. */
const erasureSchema = z.object({
  /** Not called visitorId: the index of a visitor's notices is to find notices alone. */
  visitor: z.string(),
  requestedAt: z.number(),
  /** When a notice of the visitor's was last found. */
  lastSeenAt: z.number(),
  /** Notices removed so far. */
  erased: z.int(),
  /** Messages that may stand in the chat, and of which no id is known to delete them by. */
  unreachable: z.int(),
});
export type Erasure = z.output<typeof erasureSchema>;

const toErasure = (item: Item): Erasure => parse(erasureSchema, unmarshall(item), 'The stored erasure');

const keyOf = (visitor: string): Item => marshall({ key: `erasure#${visitor}` });

const unlessElsewhere = <Instead>(error: unknown, instead: Instead): Instead => {
  if (error instanceof ConditionalCheckFailedException) return instead;
  throw error;
};

/** The erasures under way, an item each, in the table of the notices. */
export const createErasureStore = ({ client, tableName: TableName, now }: StoreOptions) => {
  const read = async (visitor: string): Promise<Erasure | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(visitor), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toErasure(Item);
  };

  return {
    read,

    /** Begins an erasure, unless one is under way: then that one is given. */
    begin: async (visitor: string): Promise<Erasure> => {
      const at = now();
      const erasure = { visitor, requestedAt: at, lastSeenAt: at, erased: 0, unreachable: 0 };
      const place = { queue: 'erasing', queueOrder: queueOrder(1, at) };
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...keyOf(visitor), ...marshall({ ...erasure, ...place }) },
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': 'key' },
          }),
        );
        return erasure;
      } catch (error) {
        return (await read(visitor)) ?? unlessElsewhere(error, erasure);
      }
    },

    /** All erasures, the oldest first. Comes from an index that lags behind a little. */
    all: async (): Promise<Erasure[]> => {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          IndexName: 'queue',
          KeyConditionExpression: '#queue = :erasing',
          ExpressionAttributeNames: { '#queue': 'queue' },
          ExpressionAttributeValues: marshall({ ':erasing': 'erasing' }),
        },
      );
      const erasures: Erasure[] = [];
      for await (const { Items = [] } of pages) erasures.push(...Items.map(toErasure));
      return erasures;
    },

    /** Notes that notices of the visitor's were just found, and what became of them. */
    note: async (visitor: string, { erased, unreachable }: Pick<Erasure, 'erased' | 'unreachable'>) => {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(visitor),
            UpdateExpression: 'SET #lastSeenAt = :now ADD #erased :erased, #unreachable :unreachable',
            // One that has ended must not come back.
            ConditionExpression: 'attribute_exists(#key)',
            ExpressionAttributeNames: {
              '#key': 'key',
              '#lastSeenAt': 'lastSeenAt',
              '#erased': 'erased',
              '#unreachable': 'unreachable',
            },
            ExpressionAttributeValues: marshall({
              ':now': now(),
              ':erased': erased,
              ':unreachable': unreachable,
            }),
          }),
        );
      } catch (error) {
        unlessElsewhere(error, undefined);
      }
    },

    /**
     * Ends an erasure, unless notices were found since it was seen.
     * @returns the erasure as it ended; nothing if it goes on, or somebody else has ended it
     */
    end: async ({ visitor, requestedAt, lastSeenAt }: Erasure): Promise<Erasure | undefined> => {
      try {
        const { Attributes } = await client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(visitor),
            ConditionExpression: '#requestedAt = :requestedAt AND #lastSeenAt = :lastSeenAt',
            ExpressionAttributeNames: { '#requestedAt': 'requestedAt', '#lastSeenAt': 'lastSeenAt' },
            ExpressionAttributeValues: marshall({ ':requestedAt': requestedAt, ':lastSeenAt': lastSeenAt }),
            ReturnValues: 'ALL_OLD',
          }),
        );
        return Attributes === undefined ? undefined : toErasure(Attributes);
      } catch (error) {
        return unlessElsewhere(error, undefined);
      }
    },
  };
};
