import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../runtime/parse.ts';
import type { AliasOptions } from './aliases.ts';
import { type Parcels, parcelList, placed, type Sighting } from './parcels.ts';

const stored = z.object({ version: z._default(z.int(), 0), parcels: z._default(parcelList, []) });

/** As long as a shop may report on an order's parcels. Seconds. */
const keptSeconds = 180 * 24 * 3600;

/** Each conflict means that another writer succeeded, so this many conflicts indicate a fault. */
const attempts = 100;

/** Knows the parcels of each order, one item for an order. */
export const createParcelStore = ({ client, tableName: TableName, now }: AliasOptions) => {
  const read = async (orderId: string) => {
    const { Item = {} } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(orderId), ConsistentRead: true }),
    );
    return parse(stored, unmarshall(Item), 'The stored parcels');
  };

  /** Writes the parcels, unless they were changed since this version. */
  const write = async (orderId: string, parcels: Parcels, version: number): Promise<boolean> => {
    const expiresAt = Math.floor(now() / 1000) + keptSeconds;
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            ...keyOf(orderId),
            ...marshall({ parcels, version: version + 1, expiresAt }, { removeUndefinedValues: true }),
          },
          ConditionExpression: 'attribute_not_exists(#key) OR #version = :version',
          ExpressionAttributeNames: { '#key': 'key', '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':version': version }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    /** Finds the parcel that an event is about, and notes what the event says. Returns the id of its notice. */
    place: async (orderId: string, sighting: Sighting): Promise<string | undefined> => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const { version, parcels: known } = await read(orderId);
        const { id, parcels } = placed(known, sighting);
        if (parcels === known || (await write(orderId, parcels, version))) return id;
      }
      throw new Error(
        `The parcels of order ${orderId} could not be stored: other functions changed them during each of ${attempts} attempts`,
      );
    },

    /** The id of the notice of a parcel that the shop named; undefined if there is none, or if it is the order's own. */
    noticeOf: async ({ orderId, shipmentId }: { orderId: string; shipmentId: string }) =>
      (await read(orderId)).parcels.find((each) => each.shipmentId === shipmentId)?.id,
  };
};

const keyOf = (orderId: string) => marshall({ key: `parcels#${orderId}` });

export type ParcelStore = ReturnType<typeof createParcelStore>;
