import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/** Brevo reports a conversation for a few days at most. Seconds. */
const rememberedSeconds = 14 * 24 * 3600;

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html, and API_BatchWriteItem.html
const mostRead = 100;
const mostWritten = 25;

const keyOf = (id: string): Record<string, AttributeValue> => marshall({ key: `seen#${id}` });

const inParts = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );

export interface SeenOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Remembers which conversation messages were published, because a transcript repeats all of them. */
export const createSeenMessages = ({ client, tableName, now }: SeenOptions) => ({
  /** The ids that were noted before. */
  among: async (ids: readonly string[]): Promise<Set<string>> => {
    const found = await Promise.all(
      inParts([...new Set(ids)], mostRead).map(async (part) => {
        const { Responses = {} } = await client.send(
          new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: part.map(keyOf) } } }),
        );
        return Responses[tableName] ?? [];
      }),
    );
    return new Set(found.flat().map(({ key }) => (key?.S ?? '').slice('seen#'.length)));
  },

  /** Notes that these messages were published. */
  note: async (ids: readonly string[]): Promise<void> => {
    const expiresAt = Math.floor(now() / 1000) + rememberedSeconds;
    const puts = [...new Set(ids)].map((id) => ({
      PutRequest: { Item: { ...keyOf(id), ...marshall({ expiresAt }) } },
    }));
    await Promise.all(
      inParts(puts, mostWritten).map((part) =>
        client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: part } })),
      ),
    );
  },
});

export type SeenMessages = ReturnType<typeof createSeenMessages>;
