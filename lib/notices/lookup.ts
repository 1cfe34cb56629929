import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import {
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

/** Notices of a priority that are looked at together. */
const pageSize = 25;

/** What the table's indexes find. They lag behind the notices a little. */
export const createListing = ({ client, tableName: TableName, now }: StoreOptions) => ({
  /** Notices whose time has come, the more urgent first, then by age: a page of them. */
  due: async (): Promise<Notice[]> => {
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
            Limit: pageSize,
          }),
        );
        return Items.map(toNotice);
      }),
    );
    return pages.flat();
  },

  /**
   * All that waits, its time come or not, or all that needs an operator: a page of it, the more urgent first, then by age.
   * @param page.from where the page before ended
   * @returns the page, and where it ended if there may be more
   */
  list: async (page: {
    queue: 'due' | 'held';
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
    const notices = Items.map(toNotice);
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
