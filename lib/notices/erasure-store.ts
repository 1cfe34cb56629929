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

/** An erasure in progress. Times are milliseconds since 1970. */
const erasureSchema = z.object({
  /** Not called visitorId, so that the index of a visitor's notices contains notices only. */
  visitor: z.string(),
  requestedAt: z.number(),
  /** When a notice of the visitor was last found. */
  lastSeenAt: z.number(),
  /** Number of notices removed so far. */
  erased: z.int(),
  /** Number of messages that may be in the chat but cannot be deleted, because their ids are unknown. */
  unreachable: z.int(),
});
export type Erasure = z.output<typeof erasureSchema>;

const toErasure = (item: Item): Erasure => parse(erasureSchema, unmarshall(item), 'The stored erasure');

const keyOf = (visitor: string): Item => marshall({ key: `erasure#${visitor}` });

const unlessElsewhere = <Instead>(error: unknown, instead: Instead): Instead => {
  if (error instanceof ConditionalCheckFailedException) return instead;
  throw error;
};

/** The erasures in progress, one item each, in the table of the notices. */
export const createErasureStore = ({ client, tableName: TableName, now }: StoreOptions) => {
  const read = async (visitor: string): Promise<Erasure | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(visitor), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toErasure(Item);
  };

  return {
    read,

    /** Starts an erasure, or returns the one in progress. */
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

    /** All erasures, oldest first. Read from an index that is eventually consistent. */
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

    /**
     * Notes that notices of the visitor were just found, and how many of them were erased. If the SDK repeats the write
     * because its answer was lost, it is not counted twice.
     */
    note: async (visitor: string, { erased, unreachable }: Pick<Erasure, 'erased' | 'unreachable'>) => {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(visitor),
            UpdateExpression: 'SET #lastSeenAt = :now ADD #erased :erased, #unreachable :unreachable',
            // An erasure that has ended must not be recreated.
            ConditionExpression: 'attribute_exists(#key) AND #lastSeenAt <> :now',
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
     * Ends an erasure, unless notices were found since it was read.
     * @returns false if it continues, or if it has ended already
     */
    end: async ({ visitor, requestedAt, lastSeenAt }: Erasure): Promise<boolean> => {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(visitor),
            ConditionExpression: '#requestedAt = :requestedAt AND #lastSeenAt = :lastSeenAt',
            ExpressionAttributeNames: { '#requestedAt': 'requestedAt', '#lastSeenAt': 'lastSeenAt' },
            ExpressionAttributeValues: marshall({ ':requestedAt': requestedAt, ':lastSeenAt': lastSeenAt }),
          }),
        );
        return true;
      } catch (error) {
        return unlessElsewhere(error, false);
      }
    },
  };
};
