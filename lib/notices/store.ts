import { isDeepStrictEqual } from 'node:util';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Lease } from './deliver.ts';
import { noticeKey, queueOrder, toItem, toNotice, toPointer } from './item.ts';
import { blankNotice, type Notice, nextStep } from './notice.ts';
import { type NewWish, type Recorded, record } from './record.ts';

export interface StoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

const priorities = [1, 2, 3] as const;

/** Notices of a priority that are looked at together. */
const pageSize = 25;

/** So many writers at one notice at once means that something is wrong; each loss means that another has won. */
const attempts = 100;

/**
 * The notices' table. Every write is conditional: either it meets the notice as it was seen, or it is done again
 * with what has come in between.
 */
export const createNoticeStore = ({ client, tableName: TableName, now }: StoreOptions) => {
  const read = async (reference: string): Promise<Notice> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: noticeKey(reference), ConsistentRead: true }),
    );
    return Item === undefined ? blankNotice(reference) : toNotice(Item);
  };

  /** Writes `next` if the stored notice is still `seen`; otherwise gives what is stored now. */
  const replace = async (seen: Notice, next: Notice): Promise<{ done: boolean; notice: Notice }> => {
    const written = { ...next, version: seen.version + 1 };
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: toItem(written, now()),
          // A notice that was never written has version 0, and no item.
          ConditionExpression: 'attribute_not_exists(#key) AND :version = :blank OR #version = :version',
          ExpressionAttributeNames: { '#key': 'key', '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':version': seen.version, ':blank': 0 }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { done: true, notice: written };
    } catch (error) {
      const notice = await standing(error, seen.reference);
      // The SDK repeats a write whose answer was lost, and then meets what it wrote itself.
      return { done: isDeepStrictEqual(notice, written), notice };
    }
  };

  /** What a failed condition met: DynamoDB sends it along, the embedded stand-in does not. */
  const standing = async (error: unknown, reference: string): Promise<Notice> => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item === undefined ? read(reference) : toNotice(error.Item);
  };

  /**
   * Carries a transition out on the stored notice, again and again until nothing came in between. The transition
   * gives back the very object it got to leave all as it is.
   * @param seen the notice as last seen; saves a read
   */
  const change = async (
    reference: string,
    transition: (notice: Notice) => Notice,
    seen?: Notice,
  ): Promise<Notice> => {
    let current = seen ?? (await read(reference));
    for (let attempt = 0; attempt < attempts; attempt++) {
      const next = transition(current);
      if (next === current) return current;
      const { done, notice } = await replace(current, next);
      if (done) return notice;
      current = notice;
    }
    throw new Error(
      `The notice ${reference} was changed by others ${attempts} times while it was being written`,
    );
  };

  return {
    read,
    change,

    /**
     * Takes a wish into its notice, in one round trip when it is newer than what is stored or new altogether.
     * @param lease taken along if the wish is accepted and nobody is at the notice
     */
    record: async (newWish: NewWish, lease?: Lease): Promise<Recorded> => {
      const { reference } = newWish;
      let seen: Notice | undefined;
      if (!newWish.reopens) {
        try {
          const notice = await recordAtOnce(client, TableName, newWish, lease, now());
          // What is desired again may stand in the chat already: then there is nothing to wait for.
          const isIdle = notice.visitorId !== undefined && nextStep(notice) === undefined;
          return { result: 'accepted', notice: isIdle ? await change(reference, settled, notice) : notice };
        } catch (error) {
          seen = await standing(error, reference);
        }
      }
      let recorded: Recorded | undefined;
      const notice = await change(
        reference,
        (current) => {
          recorded = record(current, newWish, now());
          const free = recorded.result === 'accepted' && recorded.notice.lease === undefined;
          return free && lease !== undefined ? { ...recorded.notice, lease } : recorded.notice;
        },
        seen,
      );
      return { result: recorded?.result ?? 'duplicate', notice };
    },

    /**
     * Notices whose time has come, the more urgent first, then by age: a page of them. Comes from an index that lags
     * behind a little.
     */
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

    /** Notes to which notice a message of Brevo's belongs. Written before the message is settled. */
    pointTo: async (messageId: string, reference: string): Promise<void> => {
      await client.send(new PutItemCommand({ TableName, Item: toPointer(messageId, reference, now()) }));
    },
  };
};

const settled = ({ lease: _, ...notice }: Notice): Notice => notice;

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/**
 * The common case of `record`, as one conditional update: the wish is newer in rank and time than the only one
 * stored, says something else, and nothing is under way. All else fails the condition and is left to `record`.
 */
const recordAtOnce = async (
  client: DynamoDBClient,
  TableName: string,
  { reference, visitorId, wish }: NewWish,
  lease: Lease | undefined,
  now: number,
): Promise<Notice> => {
  const addressed =
    visitorId === undefined
      ? 'attribute_exists(#visitorId)'
      : '(attribute_not_exists(#visitorId) OR #visitorId = :visitorId)';
  const UpdateExpression = [
    'SET #reference = :reference, #wish = :wish, #dueAt = :now, #queue = :due, #queueOrder = :order',
    ', #revision = if_not_exists(#revision, :zero) + :one, #version = if_not_exists(#version, :zero) + :one',
    visitorId === undefined ? '' : ', #visitorId = :visitorId',
    lease === undefined ? '' : ', #lease = :lease',
    ' REMOVE #failure, #expired, #expiresAt, #attempts',
  ].join('');
  const ConditionExpression = [
    addressed,
    'attribute_not_exists(#lease) AND attribute_not_exists(#unknown) AND attribute_not_exists(#overtaken)',
    '(attribute_not_exists(#reopenedAt) OR #reopenedAt <= :occurredAt)',
    `(attribute_not_exists(#wish) OR
      (#wish.#precedence < :precedence AND #wish.#occurredAt <= :occurredAt AND #wish.#content <> :content))`,
  ].join(' AND ');
  const { Attributes = {} } = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: noticeKey(reference),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeNames: namesIn(`${UpdateExpression} ${ConditionExpression}`),
      ExpressionAttributeValues: marshall(
        {
          ':reference': reference,
          ':wish': wish,
          ':precedence': wish.precedence,
          ':occurredAt': wish.occurredAt,
          ':content': wish.content,
          ':now': now,
          ':due': 'due',
          ':order': queueOrder(wish.priority, lease?.until ?? now),
          ':zero': 0,
          ':one': 1,
          ':visitorId': visitorId,
          ':lease': lease,
        },
        { removeUndefinedValues: true },
      ),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  return toNotice(Attributes);
};

/** Every attribute is written as #name, for many plain words are reserved in DynamoDB's expressions. */
const namesIn = (expression: string): Record<string, string> =>
  Object.fromEntries(Array.from(expression.matchAll(/#(\w+)/g), ([alias, name = '']) => [alias, name]));
