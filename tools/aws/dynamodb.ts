/** DynamoDB by dynalite, with the tables and indexes of the template. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import * as z from 'zod/mini';
import { credentials, region } from './account.ts';
import { listen, type Running } from './listen.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const indexSchema = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
    NonKeyAttributes: z.optional(z.array(z.string())),
  }),
});

/** AWS::DynamoDB::Table, as far as dynalite goes: no expiry by TTL, no streams, no backups. */
export const tableSchema = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z.optional(z.array(indexSchema)),
  LocalSecondaryIndexes: z.optional(z.array(indexSchema)),
});

export interface Table {
  name: string;
  properties: z.infer<typeof tableSchema>;
}

/** @param directory where the data are kept; without it they live in memory */
export const startDynamoDb = ({
  port,
  directory,
}: {
  port: number;
  directory?: string | undefined;
}): Promise<Running> =>
  listen(dynalite({ createTableMs: 0, ...(directory === undefined ? {} : { path: directory }) }), port);

/**
 * Creates the tables that are not there yet.
 *
 * @throws Error when a table kept from an earlier run has other keys or indexes than the template's
 */
export const createTables = async (url: string, tables: Table[]): Promise<void> => {
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    for (const { name, properties } of tables) {
      if (!TableNames.includes(name)) {
        await client.send(
          new CreateTableCommand({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...properties }),
        );
      }
      await waitUntilActive(client, name);
      await compareKeys(client, name, properties);
    }
  } finally {
    client.destroy();
  }
};

const waitUntilActive = async (client: DynamoDBClient, name: string): Promise<void> => {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(10);
  }
};

type Keys = { AttributeName?: string | undefined; KeyType?: string | undefined }[] | undefined;
type Indexes = { IndexName?: string | undefined; KeySchema?: Keys }[] | undefined;

const compareKeys = async (
  client: DynamoDBClient,
  name: string,
  wanted: Table['properties'],
): Promise<void> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  const keys = (all: Keys) => (all ?? []).map((key) => `${key.AttributeName} ${key.KeyType}`).join(', ');
  const indexes = (all: Indexes) =>
    (all ?? []).map((index) => `${index.IndexName}: ${keys(index.KeySchema)}`).sort();
  const layout = (table: {
    KeySchema?: Keys;
    GlobalSecondaryIndexes?: Indexes;
    LocalSecondaryIndexes?: Indexes;
  }) =>
    [
      keys(table.KeySchema),
      ...indexes(table.GlobalSecondaryIndexes),
      ...indexes(table.LocalSecondaryIndexes),
    ].join('; ');
  if (Table && layout(Table) === layout(wanted)) return;
  throw new Error(
    `the table ${name} kept from an earlier run has other keys or indexes than serverless.yml: ` +
      'delete .local/dynamodb, which loses its data, and start again',
  );
};
