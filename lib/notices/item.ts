import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parse } from '../runtime/parse.ts';
import { dueAt } from './lease.ts';
import { type Notice, noticeSchema, stateOf } from './notice.ts';

/** The table that holds notices and all that belongs to them. */
export interface StoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

export type Item = Record<string, AttributeValue>;

/** A settled notice is kept this long, for the events that may still come. Seconds. */
const retentionSeconds = 90 * 24 * 3600;

const noticePrefix = 'notice#';

/** The key of the item that holds a notice. */
export const noticeKey = (reference: string): Item => marshall({ key: `${noticePrefix}${reference}` });

/** The key of the item that leads from a message of Brevo's to its notice. */
export const messageKey = (messageId: string): Item => marshall({ key: `message#${messageId}` });

/** Sorts the index of waiting notices: the more urgent first, then the one that is due earlier. */
export const queueOrder = (priority: number, at: number): string =>
  `${priority}.${String(at).padStart(15, '0')}`;

/** The attributes of the sparse index and of the table's time to live, which follow from the state. */
const filing = (notice: Notice, now: number) => {
  const order = (at: number) => queueOrder(notice.desired?.priority ?? 1, at);
  const state = stateOf(notice);
  switch (state) {
    case 'pending':
      return { queue: 'due', queueOrder: order(dueAt(notice)) };
    case 'sending':
      return { queue: 'due', queueOrder: order(notice.lease?.until ?? now) };
    case 'unknown':
      return { queue: 'held', queueOrder: order(notice.unknown?.at ?? now) };
    case 'refused':
      return { queue: 'held', queueOrder: order(notice.refusal?.at ?? now) };
    case 'settled':
    case 'expired':
    case 'unaddressed':
      return { expiresAt: Math.floor(now / 1000) + retentionSeconds };
  }
};

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** The item of a notice. Empty lists are left out, so that a condition can ask whether there is anything in one. */
export const toItem = (notice: Notice, now: number): Item => {
  const filled = Object.entries(notice).filter(([, value]) => !isEmptyList(value));
  return {
    ...noticeKey(notice.reference),
    ...marshall({ ...Object.fromEntries(filled), ...filing(notice, now) }, { removeUndefinedValues: true }),
  };
};

/** @throws {InvalidInput} if the item is no notice */
export const toNotice = (item: Item): Notice => parse(noticeSchema, unmarshall(item), 'The stored notice');

/**
 * The item that leads from a message to its notice. It outlives a settled notice, lest an edit by the message's id
 * passes the notice by.
 */
export const toPointer = (messageId: string, reference: string, now: number): Item => ({
  ...messageKey(messageId),
  ...marshall({ reference, expiresAt: Math.floor(now / 1000) + 2 * retentionSeconds }),
});

const pointer = z.object({ reference: z.string() });

/**
 * The reference that the item of a message leads to.
 * @throws {InvalidInput} if the item leads to none
 */
export const ownerIn = (item: Item): string =>
  parse(pointer, unmarshall(item), 'The stored message').reference;

const keyed = z.object({ key: z.string() });

/**
 * The reference of the notice that an entry of an index stands for.
 * @throws {InvalidInput} if the entry has no key
 */
export const referenceIn = (entry: Item): string =>
  parse(keyed, unmarshall(entry), 'The entry of the index').key.slice(noticePrefix.length);

const place = z.object({ key: z.string(), queueOrder: z.string() });

/** A place in the index of waiting notices. */
export type Place = z.output<typeof place>;

/** @throws {InvalidInput} if the entry of the index has no place in it */
export const placeIn = (entry: Item): Place => parse(place, unmarshall(entry), 'The entry of the index');
