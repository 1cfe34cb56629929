/** The numbers by which carriers call orders, and the events that wait for their order. All in the table of the notices. */
import { hash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { type ParcelEvent, readEvent } from '../bus/events.ts';
import { orderReference } from '../bus/reference.ts';
import { type Item, noticeKey, queueOrder, type StoreOptions } from '../notices/item.ts';
import { InvalidInput, parse, parseJson } from '../runtime/parse.ts';
import { trackingKey } from './parcels.ts';

export type AliasOptions = Pick<StoreOptions, 'client' | 'tableName' | 'now'>;

const daySeconds = 24 * 3600;

/** How long an alias is kept after an event last named it. Carriers use tracking numbers again after some months. */
const keptSeconds = { number: 180 * daySeconds, tracking: 60 * daySeconds };

/** A number that stands for an order. */
interface Alias {
  kind: keyof typeof keptSeconds;
  key: string;
}

/** The aliases that an event names: its order's number with or without a leading #, and its parcel's tracking number. */
export const aliasesIn = (event: {
  orderNumber?: string | undefined;
  trackingNumber?: string | undefined;
}): Alias[] => {
  const numbers = {
    number: event.orderNumber?.replace(/^[#\s]+/, '') ?? '',
    tracking: trackingKey(event.trackingNumber ?? ''),
  };
  return (['number', 'tracking'] as const).flatMap((kind) =>
    numbers[kind] === '' ? [] : [{ kind, key: `alias#${kind}:${numbers[kind]}` }],
  );
};

/** Two orders are enough to know that an alias names none of them for certain. */
const mostOrders = 2;

const aliasSchema = z.object({
  /** Ids of the orders that claimed it. */
  orders: z._default(z.set(z.string()), new Set<string>()),
  /** Ids of the events that wait for such an order. */
  waiting: z._default(z.set(z.string()), new Set<string>()),
});
type AliasItem = z.output<typeof aliasSchema>;

const toAlias = (item: Item = {}): AliasItem => parse(aliasSchema, unmarshall(item), 'The stored alias');

const earlyKey = (id: string) => marshall({ key: `early#${id}` });

/** A carrier's event that waits for its order. Repeats of it have the same id. */
export interface Early {
  id: string;
  event: ParcelEvent;
}

export const earlyOf = (event: ParcelEvent): Early => ({
  id: hash('sha256', JSON.stringify(event.data)).slice(0, 32),
  event,
});

/** The event as it came, so that the contract of the bus reads it again. */
export const written = ({ type, metadata, data }: ParcelEvent): string => {
  const time = new Date(metadata.timestamp).toISOString();
  const occurredAt = new Date(data.occurredAt).toISOString();
  const detail = { metadata: { ...metadata, timestamp: time }, data: { ...data, occurredAt } };
  return JSON.stringify({ 'detail-type': type, time, detail });
};

const earlySchema = z.object({ key: z.string(), event: z.string() });

/** @returns the event undefined if another version of the bridge wrote it, and this one cannot read it */
const readEarly = (item: Item): Pick<Early, 'id'> & { event: ParcelEvent | undefined } => {
  const { key, event: text } = parse(earlySchema, unmarshall(item), 'The waiting event');
  const id = key.slice('early#'.length);
  try {
    const event = readEvent(parseJson(z.unknown(), text, 'The waiting event'));
    return { id, event: event.type === 'parcel.status_changed' ? event : undefined };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { id, event: undefined };
  }
};

/** The order that aliases name: none yet, one, or none for certain. */
export type Found = { kind: 'unknown' } | { kind: 'order'; orderId: string } | { kind: 'ambiguous' };

/**
 * The order that several aliases name together. It is never guessed: if two of them name different orders, or each is
 * claimed by more than one, a customer could read about someone else's parcel.
 * @param claims the orders that each alias names
 */
export const orderAmong = (claims: readonly ReadonlySet<string>[]): Found => {
  const certain = new Set(claims.flatMap((orders) => (orders.size === 1 ? [...orders] : [])));
  const [orderId, ...others] = certain;
  if (orderId !== undefined) return others.length > 0 ? { kind: 'ambiguous' } : { kind: 'order', orderId };
  return { kind: claims.some((orders) => orders.size === 0) ? 'unknown' : 'ambiguous' };
};

const unlessFailed = (error: unknown): undefined => {
  if (error instanceof ConditionalCheckFailedException) return undefined;
  throw error;
};

export const createAliases = ({ client, tableName: TableName, now }: AliasOptions) => {
  const read = async (alias: Alias): Promise<AliasItem> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: marshall({ key: alias.key }), ConsistentRead: true }),
    );
    return toAlias(Item);
  };

  /** Adds to one of the sets of an alias, in one request, and returns both. */
  const add = async (alias: Alias, name: 'orders' | 'waiting', id: string): Promise<AliasItem> => {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall({ key: alias.key }),
          UpdateExpression: 'SET #expiresAt = :expiresAt ADD #name :id',
          // An alias that is no number at all, such as "none", may be claimed by every order.
          ...(name === 'orders' && {
            ConditionExpression:
              'attribute_not_exists(#name) OR contains(#name, :one) OR size(#name) < :most',
          }),
          ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#name': name },
          ExpressionAttributeValues: marshall({
            ':expiresAt': Math.floor(now() / 1000) + keptSeconds[alias.kind],
            ':id': new Set([id]),
            ...(name === 'orders' && { ':one': id, ':most': mostOrders }),
          }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return toAlias(Attributes);
    } catch (error) {
      return unlessFailed(error) ?? read(alias);
    }
  };

  /** Whether an event of the order was ever stored. */
  const isKnown = async (orderId: string): Promise<boolean> => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName,
        Key: noticeKey(orderReference(orderId)),
        ConsistentRead: true,
        ProjectionExpression: '#key',
        ExpressionAttributeNames: { '#key': 'key' },
      }),
    );
    return Item !== undefined;
  };

  /** The order that is named by what the aliases hold, and by the event's hint, as far as that order is known. */
  const among = async (
    { id, event }: Early,
    items: readonly AliasItem[],
  ): Promise<Found & { isWaiting: boolean }> => {
    const { orderId } = event.data;
    const hint = orderId !== undefined && (await isKnown(orderId)) ? [new Set([orderId])] : [];
    return {
      ...orderAmong([...items.map(({ orders }) => orders), ...hint]),
      isWaiting: items.some(({ waiting }) => waiting.has(id)),
    };
  };

  return {
    /**
     * Notes that an order has these aliases.
     * @returns ids of the events that wait for them
     */
    claim: async (aliases: readonly Alias[], orderId: string): Promise<string[]> => {
      const claimed = await Promise.all(aliases.map((alias) => add(alias, 'orders', orderId)));
      return [...new Set(claimed.flatMap(({ waiting }) => [...waiting]))];
    },

    /** The order of an event, and whether the event is noted as waiting. */
    find: async (early: Early) => among(early, await Promise.all(aliasesIn(early.event.data).map(read))),

    /**
     * Has an event wait for its order until `until`, in milliseconds since 1970. An order that becomes known meanwhile
     * finds the event, or is found here: both write to the same item.
     */
    wait: async (early: Early, until: number) => {
      const { id, event } = early;
      const place = { queue: 'early', queueOrder: queueOrder(1, until) };
      await client.send(
        new PutItemCommand({
          TableName,
          Item: { ...earlyKey(id), ...marshall({ event: written(event), ...place }) },
        }),
      );
      const items = await Promise.all(aliasesIn(event.data).map((alias) => add(alias, 'waiting', id)));
      return among(early, items);
    },

    /** An event that waits; undefined if it was delivered or dropped. */
    waiting: async (id: string): Promise<Early | undefined> => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: earlyKey(id), ConsistentRead: true }),
      );
      const event = Item && readEarly(Item).event;
      return event && { id, event };
    },

    /**
     * Ends the waiting of an event.
     * @returns false if it had ended before
     */
    release: async ({ id, event }: ReturnType<typeof readEarly>): Promise<boolean> => {
      const { Attributes } = await client.send(
        new DeleteItemCommand({ TableName, Key: earlyKey(id), ReturnValues: 'ALL_OLD' }),
      );
      await Promise.all(
        (event === undefined ? [] : aliasesIn(event.data)).map(({ key }) =>
          client
            .send(
              new UpdateItemCommand({
                TableName,
                Key: marshall({ key }),
                UpdateExpression: 'DELETE #waiting :ids',
                ConditionExpression: 'contains(#waiting, :id)',
                ExpressionAttributeNames: { '#waiting': 'waiting' },
                ExpressionAttributeValues: marshall({ ':ids': new Set([id]), ':id': id }),
              }),
            )
            .catch(unlessFailed),
        ),
      );
      return Attributes !== undefined;
    },

    /** The events whose time is over, oldest first, at most `limit`. Read from an index that is eventually consistent. */
    overdue: async (limit: number) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'queue',
          KeyConditionExpression: '#queue = :early AND #queueOrder < :now',
          ExpressionAttributeNames: { '#queue': 'queue', '#queueOrder': 'queueOrder' },
          ExpressionAttributeValues: marshall({ ':early': 'early', ':now': queueOrder(1, now()) }),
          Limit: limit,
        }),
      );
      return Items.map(readEarly);
    },
  };
};

export type Aliases = ReturnType<typeof createAliases>;
