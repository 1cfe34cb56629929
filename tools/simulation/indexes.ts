/** The indexes of a table, which show each write only after a while. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { type AwsRequest, type AwsResponse, operationOf, textOf } from './aws.ts';
import type { Clock } from './clock.ts';

const item = z.record(z.string(), z.unknown());
const keyed = z.looseObject({ key: z.object({ S: z.string() }) });
const change = z.object({ Item: z.optional(keyed), Key: z.optional(keyed) });
const batch = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(z.object({ PutRequest: z.optional(change), DeleteRequest: z.optional(change) })),
  ),
});
const found = z.object({ Item: z.optional(item) });
const query = z.looseObject({ IndexName: z.optional(z.string()) });

export interface IndexOptions {
  clock: Clock;
  lagMs: () => number;
  tableName: string;
  /** A table of the same layout, which is as old as the indexes are. */
  replicaName: string;
  /** Makes a request of the database at once. */
  ask: (operation: string, body: object) => Promise<AwsResponse>;
}

/** Repeats the changes of a table in its replica, those of each item in their order. */
export const createIndexes = ({ clock, lagMs, tableName, replicaName, ask }: IndexOptions) => {
  const latest = new Map<string, { at: number; item: unknown }>();

  const current = async (key: string): Promise<z.output<typeof item> | undefined> => {
    const { body } = await ask('GetItem', { TableName: tableName, Key: { key: { S: key } } });
    return found.parse(JSON.parse(Buffer.from(body).toString())).Item;
  };

  const repeat = async (key: string): Promise<void> => {
    const stored = await current(key);
    const seen = latest.get(key);
    const isIndexed = stored !== undefined && ('queue' in stored || 'visitorId' in stored);
    if ((seen === undefined && !isIndexed) || isDeepStrictEqual(seen?.item, stored)) return;
    const at = Math.max(seen?.at ?? 0, clock.now() + lagMs());
    latest.set(key, { at, item: stored });
    const target = { TableName: replicaName };
    clock.after(at - clock.now(), async () => {
      await (stored === undefined
        ? ask('DeleteItem', { ...target, Key: { key: { S: key } } })
        : ask('PutItem', { ...target, Item: stored }));
    });
  };

  return {
    /** Notes a request that the table has granted. */
    onWrite: async (request: AwsRequest, { statusCode }: AwsResponse): Promise<void> => {
      if (statusCode !== 200) return;
      const keys = keysIn(operationOf(request), JSON.parse(textOf(request)));
      for (const key of new Set(keys)) await repeat(key);
    },

    /** The request as it is to be made of the replica, if it is about an index. */
    redirected: (request: AwsRequest): AwsRequest => {
      if (operationOf(request) !== 'Query') return request;
      const asked = query.parse(JSON.parse(textOf(request)));
      if (asked.IndexName === undefined) return request;
      return { ...request, body: JSON.stringify({ ...asked, TableName: replicaName }) };
    },
  };
};

const keyIn = ({ Item, Key }: z.output<typeof change>): string[] =>
  [Item, Key].flatMap((each) => (each === undefined ? [] : [each.key.S]));

const keysIn = (operation: string | undefined, body: unknown): string[] => {
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return keyIn(change.parse(body));
    case 'BatchWriteItem':
      return Object.values(batch.parse(body).RequestItems).flatMap((requests) =>
        requests.flatMap(({ PutRequest = {}, DeleteRequest = {} }) => [
          ...keyIn(PutRequest),
          ...keyIn(DeleteRequest),
        ]),
      );
    case 'GetItem':
    case 'BatchGetItem':
    case 'Query':
    case 'Scan':
      return [];
    default:
      throw new Error(`the simulation does not know how ${operation} changes an index`);
  }
};
