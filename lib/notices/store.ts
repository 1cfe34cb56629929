import { isDeepStrictEqual } from 'node:util';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createErasureStore } from './erasure-store.ts';
import { noticeKey, queueOrder, type StoreOptions, toItem, toNotice } from './item.ts';
import { callFor, doubtRepeated, type Lease, released, takeUp } from './lease.ts';
import { createListing, createMessagePointers } from './lookup.ts';
import { blankNotice, type Notice, nextStep, replacing } from './notice.ts';
import { type Incoming, type Recorded, record } from './record.ts';

/** A notice whose desired text is in the chat already. */
const idle = (notice: Notice): Notice => replacing(released(notice));

/** Each conflict means that another writer succeeded, so this many conflicts indicate a fault. */
const attempts = 100;

/**
 * The table of notices. Every write is conditional on the notice being unchanged since it was read. Otherwise the
 * change is applied again to the current notice.
 */
export const createNoticeStore = (options: StoreOptions) => {
  const { client, tableName: TableName, now } = options;
  const read = async (reference: string): Promise<Notice> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: noticeKey(reference), ConsistentRead: true }),
    );
    return Item === undefined ? blankNotice(reference) : toNotice(Item);
  };

  /** Writes `next` if the stored notice is still `seen`; otherwise returns the stored one. */
  const replace = async (seen: Notice, next: Notice): Promise<{ done: boolean; notice: Notice }> => {
    const written = { ...next, version: seen.version + 1 };
    const Item = toItem(written, now());
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item,
          // A notice that was never written has version 0 and no item.
          ConditionExpression: 'attribute_not_exists(#key) AND :version = :blank OR #version = :version',
          ExpressionAttributeNames: { '#key': 'key', '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':version': seen.version, ':blank': 0 }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { done: true, notice: written };
    } catch (error) {
      const notice = await standing(error, seen.reference);
      // The SDK repeats a write whose answer was lost. The repeat then finds the item that the first attempt wrote.
      return { done: isDeepStrictEqual(notice, toNotice(Item)), notice };
    }
  };

  /** The stored notice after a failed condition. DynamoDB includes it in the error; the local emulator does not. */
  const standing = async (error: unknown, reference: string): Promise<Notice> => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item === undefined ? read(reference) : toNotice(error.Item);
  };

  /**
   * Applies a transition to the stored notice, and repeats it after each conflicting write. To leave the notice
   * unchanged, the transition returns the same object.
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
      `The notice ${reference} could not be stored: other functions changed it during each of ${attempts} attempts`,
    );
  };

  return {
    read,
    change,

    /**
     * Records a desired state. This takes one round trip if the state is newer than the stored one, or if the notice
     * is new.
     * @param lease taken in the same write if the desired state is accepted and no other worker holds a lease
     */
    record: async (incoming: Incoming, lease?: Lease): Promise<Recorded> => {
      const { reference } = incoming;
      let seen: Notice | undefined;
      if (!incoming.reopens && incoming.desired.said === undefined) {
        try {
          const notice = await recordAtOnce(options, incoming, lease);
          // The desired text may already be in the chat. Then there is nothing to do, and the lease is released.
          const isIdle = notice.visitorId !== undefined && nextStep(notice) === undefined;
          return { result: 'accepted', notice: isIdle ? await change(reference, idle, notice) : notice };
        } catch (error) {
          seen = await standing(error, reference);
        }
      }
      let recorded: Recorded | undefined;
      const notice = await change(
        reference,
        (current) => {
          recorded = record(current, incoming, now());
          const { result, notice } = recorded;
          const isFree = notice.call === undefined && doubtRepeated(notice) === undefined;
          const mayTake = lease !== undefined && result === 'accepted' && isFree;
          return mayTake ? takeUp(notice, lease, now()).notice : notice;
        },
        seen,
      );
      return { result: recorded?.result ?? 'duplicate', notice };
    },

    ...createListing(options),
    ...createMessagePointers(options),
    erasures: createErasureStore(options),
  };
};

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/**
 * The common case of `record` as one conditional update: the desired state is newer in rank and time than the only
 * stored one, has another content, and the notice neither waits nor is held or being sent. With a lease, it must also
 * be certain that the next step is a post. In every other case the condition fails, and `record` handles it.
 * @throws {ConditionalCheckFailedException}
 */
const recordAtOnce = async (
  { client, tableName: TableName, now }: StoreOptions,
  { reference, visitorId, request, desired, learn }: Incoming,
  lease: Lease | undefined,
): Promise<Notice> => {
  const at = now();
  const facts = learn?.({}) ?? {};
  const named = Object.keys(facts);
  const addressed =
    visitorId === undefined
      ? 'attribute_exists(#visitorId)'
      : '(attribute_not_exists(#visitorId) OR #visitorId = :visitorId)';
  const isPost =
    desired.policy === 'edit'
      ? 'attribute_not_exists(#messages)'
      : '(attribute_not_exists(#messages) OR #desired.#status <> :status)';
  const UpdateExpression = [
    'SET #reference = :reference, #desired = :desired, #dueAt = :now, #queue = :due, #queueOrder = :order',
    ', #revision = if_not_exists(#revision, :zero) + :one, #version = if_not_exists(#version, :zero) + :one',
    ', #log = list_append(if_not_exists(#log, :empty), :log)',
    visitorId === undefined ? '' : ', #visitorId = :visitorId',
    lease === undefined ? '' : ', #call = :call',
    request === undefined ? '' : ', #request = :request',
    named.length === 0 ? '' : ', #facts = if_not_exists(#facts, :facts)',
    ' REMOVE #hold, #expiresAt, #attempts',
  ].join('');
  const ConditionExpression = [
    addressed,
    ...(lease === undefined ? [] : [isPost]),
    // A notice keeps the hash of the request that created it. If it exists already, `record` has to look at it.
    ...(request === undefined ? [] : ['attribute_not_exists(#key)']),
    ...named.map((name) => `(attribute_not_exists(#facts) OR #facts.#${name}.#value = :${name})`),
    'attribute_not_exists(#erasing)',
    'attribute_not_exists(#queue) AND attribute_not_exists(#superseded)',
    '(attribute_not_exists(#reopenedAt) OR #reopenedAt <= :occurredAt)',
    `(attribute_not_exists(#desired) OR
      (#desired.#precedence < :precedence AND #desired.#occurredAt <= :occurredAt AND #desired.#content <> :content))`,
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
          ':desired': desired,
          ':precedence': desired.precedence,
          ':occurredAt': desired.occurredAt,
          ':content': desired.content,
          ':now': at,
          ':due': 'due',
          ':order': queueOrder(desired.priority, lease?.until ?? at),
          ':zero': 0,
          ':one': 1,
          ':empty': [],
          ':log': [{ at, what: 'accepted' }],
          ':visitorId': visitorId,
          ':status': lease !== undefined && desired.policy !== 'edit' ? desired.status : undefined,
          ':call': lease && callFor(lease, { kind: 'post' }, desired),
          ':request': request,
          ':facts': named.length === 0 ? undefined : facts,
          ...Object.fromEntries(Object.entries(facts).map(([name, { value }]) => [`:${name}`, value])),
        },
        { removeUndefinedValues: true },
      ),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  return toNotice(Attributes);
};

/** Cached by expression: there are only a few, and scanning one takes far longer than looking it up. */
const knownNames = new Map<string, Record<string, string>>();

/** Every attribute is written as #name, because many common words are reserved in DynamoDB's expressions. */
const namesIn = (expression: string): Record<string, string> => {
  const known =
    knownNames.get(expression) ??
    Object.fromEntries(Array.from(expression.matchAll(/#(\w+)/g), ([alias, name = '']) => [alias, name]));
  knownNames.set(expression, known);
  return known;
};
