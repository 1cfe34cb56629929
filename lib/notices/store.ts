import { isDeepStrictEqual } from 'node:util';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createErasureStore } from './erasure-store.ts';
import { messageKey, noticeKey, ownerIn, type StoreOptions, toItem, toNotice, toPointer } from './item.ts';
import { type Lease, released } from './lease.ts';
import { createListing } from './listing.ts';
import { blankNotice, type Notice, nextStep } from './notice.ts';
import { type Incoming, type Recorded, record } from './record.ts';
import { recordAtOnce } from './record-at-once.ts';

/** So many writers at one notice at once means that something is wrong; each loss means that another has won. */
const attempts = 100;

/**
 * The notices' table. Every write is conditional: either it meets the notice as it was seen, or it is done again
 * with what has come in between.
 */
export const createNoticeStore = (options: StoreOptions) => {
  const { client, tableName: TableName, now } = options;
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
     * Takes a desired state into its notice, in one round trip when it is newer than what is stored or new altogether.
     * @param lease taken along if the desired state is accepted and nobody is at the notice
     */
    record: async (incoming: Incoming, lease?: Lease): Promise<Recorded> => {
      const { reference } = incoming;
      let seen: Notice | undefined;
      if (!incoming.reopens) {
        try {
          const notice = await recordAtOnce(options, incoming, lease);
          // What is desired again may stand in the chat already: then there is nothing to wait for.
          const isIdle = notice.visitorId !== undefined && nextStep(notice) === undefined;
          return { result: 'accepted', notice: isIdle ? await change(reference, released, notice) : notice };
        } catch (error) {
          seen = await standing(error, reference);
        }
      }
      let recorded: Recorded | undefined;
      const notice = await change(
        reference,
        (current) => {
          recorded = record(current, incoming, now());
          const free = recorded.result === 'accepted' && recorded.notice.lease === undefined;
          return free && lease !== undefined ? { ...recorded.notice, lease } : recorded.notice;
        },
        seen,
      );
      return { result: recorded?.result ?? 'duplicate', notice };
    },

    /**
     * Deletes a notice, unless it was changed since it was seen.
     * @returns whether it did
     */
    remove: async ({ reference, version }: Notice): Promise<boolean> => {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName,
            Key: noticeKey(reference),
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: marshall({ ':version': version }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    ...createListing(options),
    ...createMessagePointers(options),
    erasures: createErasureStore(options),
  };
};

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/** Which notice a message of Brevo's belongs to: an item a message, for an index could not be read consistently. */
const createMessagePointers = ({ client, tableName: TableName, now }: StoreOptions) => ({
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
