import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../runtime/parse.ts';
import { dueAt } from './lease.ts';
import { isTombstone, type Notice, noticeSchema, stateOf } from './notice.ts';

/** The table that stores notices and related items. */
export interface StoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Called with the reference of a stored notice that an index lists and that cannot be read. */
  onUnreadable: (reference: string, error: unknown) => void;
}

export type Item = Record<string, AttributeValue>;

/** How long a settled notice is kept for late events. Seconds. */
const retentionSeconds = 90 * 24 * 3600;

const noticePrefix = 'notice#';

/** The key of a notice's item. */
export const noticeKey = (reference: string): Item => marshall({ key: `${noticePrefix}${reference}` });

/** The key of the item that points from a Brevo message to its notice. */
export const messageKey = (messageId: string): Item => marshall({ key: `message#${messageId}` });

/** Sort key of the index of waiting notices: most urgent first, then by due time. */
export const queueOrder = (priority: number, at: number): string =>
  `${priority}.${String(at).padStart(15, '0')}`;

/** How long an event may be repeated after its visitor was erased: as long as queues keep events. Seconds. */
const tombstoneSeconds = 14 * 24 * 3600;

/** The attributes of the sparse index and of the table's time to live, derived from the state. */
const filing = (notice: Notice, now: number) => {
  const { desired, call, hold } = notice;
  const order = (at: number) => queueOrder(desired?.priority ?? 1, at);
  const expiresAt = Math.floor(now / 1000) + (isTombstone(notice) ? tombstoneSeconds : retentionSeconds);
  switch (stateOf(notice)) {
    case 'pending':
      return { queue: 'due', queueOrder: order(dueAt(notice)) };
    case 'sending':
      return { queue: 'due', queueOrder: order(call?.until ?? now) };
    case 'unknown':
    case 'refused':
      return { queue: 'held', queueOrder: order(hold?.at ?? now) };
    case 'unaddressed':
      return { queue: 'unaddressed', queueOrder: order(desired?.occurredAt ?? now), expiresAt };
    case 'settled':
    case 'expired':
      return { expiresAt };
  }
};

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** The item of a notice. Empty lists and maps are omitted, so that a condition can check whether they have entries. */
export const toItem = (notice: Notice, now: number): Item => {
  const filled = Object.entries(notice).filter(([, value]) => !isEmpty(value));
  return {
    ...noticeKey(notice.reference),
    ...marshall({ ...Object.fromEntries(filled), ...filing(notice, now) }, { removeUndefinedValues: true }),
  };
};

/** @throws {InvalidInput} if the item is not a notice */
export const toNotice = (item: Item): Notice => parse(noticeSchema, unmarshall(item), 'The stored notice');

/**
 * The item that points from a message to its notice. It outlives a settled notice, so that an edit by message id
 * never bypasses the notice.
 */
export const toPointer = (messageId: string, reference: string, now: number): Item => ({
  ...messageKey(messageId),
  ...marshall({ reference, expiresAt: Math.floor(now / 1000) + 2 * retentionSeconds }),
});

const pointer = z.object({ reference: z.string() });

/**
 * The reference that a message's item points to.
 * @throws {InvalidInput} if the item points to none
 */
export const ownerIn = (item: Item): string =>
  parse(pointer, unmarshall(item), 'The stored message').reference;

const keyed = z.object({ key: z.string() });

/**
 * The reference of the notice in an index entry.
 * @throws {InvalidInput} if the entry has no key
 */
export const referenceIn = (entry: Item): string =>
  parse(keyed, unmarshall(entry), 'The index entry').key.slice(noticePrefix.length);

const place = z.object({ key: z.string(), queueOrder: z.string() });

/** A position in the index of waiting notices. */
export type Place = z.output<typeof place>;

/** @throws {InvalidInput} if the index entry has no position */
export const placeIn = (entry: Item): Place => parse(place, unmarshall(entry), 'The index entry');
