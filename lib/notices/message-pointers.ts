import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { messageKey, ownerIn, toPointer } from './item.ts';
import type { StoreOptions } from './store-options.ts';

/** Which notice a message of Brevo's belongs to: an item a message, for an index could not be read consistently. */
export const createMessagePointers = ({ client, tableName: TableName, now }: StoreOptions) => ({
  /** Notes to which notice a message of Brevo's belongs. Written before the message is settled. */
  pointTo: async (messageId: string, reference: string): Promise<void> => {
    await client.send(new PutItemCommand({ TableName, Item: toPointer(messageId, reference, now()) }));
  },

  /** The reference of the notice that a message belongs to; nothing where it is none's, or deleted. */
  ownerOf: async (messageId: string): Promise<string | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: messageKey(messageId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : ownerIn(Item);
  },

  /** Forgets a message that is there no more. Before that is settled, so that no trace of it stays. */
  forget: async (messageId: string): Promise<void> => {
    await client.send(new DeleteItemCommand({ TableName, Key: messageKey(messageId) }));
  },
});
