/** DynamoDB by dynalite, with the tables and indexes of the template. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import * as z from 'zod/mini';
import { credentials, region } from './account.ts';
import { listen, type Running } from './listen.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

/** AWS::DynamoDB::Table, as far as dynalite goes: no expiry by TTL, no streams, no backups. */
export const tableSchema = z.strictObject({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z.optional(
    z.array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.strictObject({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY']) }),
      }),
    ),
  ),
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
  listen(dynalite({ createTableMs: 0, ...(directory !== undefined && { path: directory }) }), port);

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
      if (!TableNames.includes(name))
        await client.send(
          new CreateTableCommand({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...properties }),
        );
      const table = await untilActive(client, name);
      if (layoutOf(table) !== layoutOf(properties))
        throw new Error(
          `the table ${name} kept from an earlier run has other keys or indexes than serverless.yml: ` +
            'delete .local/dynamodb, which loses its data, and start again',
        );
    }
  } finally {
    client.destroy();
  }
};

const untilActive = async (client: DynamoDBClient, name: string): Promise<TableDescription> => {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return Table;
    await sleep(10);
  }
};

type Layout = Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>;

/** Keys and indexes as a text that can be compared. */
const layoutOf = ({ KeySchema, GlobalSecondaryIndexes = [] }: Layout): string => {
  const keys = (all: Layout['KeySchema'] = []) =>
    all.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
  const indexes = GlobalSecondaryIndexes.map((index) => `${index.IndexName}: ${keys(index.KeySchema)}`);
  return [keys(KeySchema), ...indexes.toSorted()].join('; ');
};
