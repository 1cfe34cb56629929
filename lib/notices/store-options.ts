import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The table that holds notices and all that belongs to them. */
export interface StoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Milliseconds since 1970. */
  now: () => number;
}
