import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import {
  type Item,
  messageKey,
  ownerIn,
  type Place,
  placeIn,
  queueOrder,
  referenceIn,
  type StoreOptions,
  toNotice,
  toPointer,
} from './item.ts';
import type { Notice } from './notice.ts';

const priorities = [1, 2, 3] as const;

/** One item that cannot be read must not stop all the others. */
const readable = (items: readonly Item[], onUnreadable: StoreOptions['onUnreadable']): Notice[] =>
  items.flatMap((item) => {
    try {
      return [toNotice(item)];
    } catch (error) {
      onUnreadable(referenceIn(item), error);
      return [];
    }
  });

/** Queries of the table's indexes, which are eventually consistent. */
export const createListing = ({ client, tableName: TableName, now, onUnreadable }: StoreOptions) => ({
  /**
   * The notices that are due: most urgent first, then oldest first.
   * @param limit how many of each priority at most
   */
  due: async (limit: number): Promise<Notice[]> => {
    const pages = await Promise.all(
      priorities.map(async (priority) => {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName,
            IndexName: 'queue',
            KeyConditionExpression: '#queue = :due AND #queueOrder BETWEEN :first AND :last',
            ExpressionAttributeNames: { '#queue': 'queue', '#queueOrder': 'queueOrder' },
            ExpressionAttributeValues: marshall({
              ':due': 'due',
              ':first': queueOrder(priority, 0),
              ':last': queueOrder(priority, now()),
            }),
            Limit: limit,
          }),
        );
        return readable(Items, onUnreadable);
      }),
    );
    return pages.flat();
  },

  /**
   * A page of all waiting notices, due or not, of all that need an operator, or of all that wait for a visitor: most
   * urgent first, then oldest first.
   * @param page.from the end of the previous page
   * @returns the page, and its end if there may be more
   */
  list: async (page: {
    queue: 'due' | 'held' | 'unaddressed';
    limit: number;
    from?: Place | undefined;
  }): Promise<{ notices: Notice[]; next?: Place }> => {
    const { queue, limit, from } = page;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'queue',
        KeyConditionExpression: '#queue = :queue',
        ExpressionAttributeNames: { '#queue': 'queue' },
        ExpressionAttributeValues: marshall({ ':queue': queue }),
        Limit: limit,
        ...(from === undefined ? {} : { ExclusiveStartKey: marshall({ ...from, queue }) }),
      }),
    );
    const notices = readable(Items, onUnreadable);
    return LastEvaluatedKey === undefined ? { notices } : { notices, next: placeIn(LastEvaluatedKey) };
  },

  /** The references of all notices for a visitor. */
  ofVisitor: async function* (visitorId: string): AsyncGenerator<string> {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        IndexName: 'visitor',
        KeyConditionExpression: '#visitorId = :visitorId',
        ExpressionAttributeNames: { '#visitorId': 'visitorId' },
        ExpressionAttributeValues: marshall({ ':visitorId': visitorId }),
      },
    );
    for await (const { Items = [] } of pages) yield* Items.map(referenceIn);
  },
});

/**
 * Finds the notice of a Brevo message. Each message has an item of its own, because an index cannot be read
 * consistently.
 */
export const createMessagePointers = ({ client, tableName: TableName, now }: StoreOptions) => ({
  /** Stores which notice a Brevo message belongs to. Call it before the message is settled. */
  pointTo: async (messageId: string, reference: string): Promise<void> => {
    await client.send(new PutItemCommand({ TableName, Item: toPointer(messageId, reference, now()) }));
  },

  /** The reference of the notice that a message belongs to; undefined if it belongs to none, or was deleted. */
  ownerOf: async (messageId: string): Promise<string | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: messageKey(messageId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : ownerIn(Item);
  },

  /**
   * Removes the pointer of a deleted message. Call it before the deletion is settled, so that no pointer is left
   * behind.
   */
  forget: async (messageId: string): Promise<void> => {
    await client.send(new DeleteItemCommand({ TableName, Key: messageKey(messageId) }));
  },
});
