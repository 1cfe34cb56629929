import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject, onTestFinished } from 'vitest';
import { createNoticeStore } from '../../lib/notices/store.ts';
import { credentials, region } from '../../tools/aws/account.ts';
import { createTables, startDynamoDb } from '../../tools/aws/dynamodb.ts';
import { type Stack, startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { tableLayout } from '../../tools/simulation/database.ts';

export const secrets = { brevoApiKey: 'test-key', visitorIdSecret: 'test-visitor-secret' };

/** Table, queues and bus as the packaged template declares them, in memory and on free ports, until the test ends. */
export const startTestStack = async (): Promise<Stack> => {
  const stack = await startStack({
    template: await readTemplate(inject('templateFile')),
    stackName: 'test',
    ports: { bus: 0, dynamoDb: 0, queues: 0 },
    secrets: JSON.stringify(secrets),
  });
  onTestFinished(() => stack.close());
  return stack;
};

/** The notices' table on a fresh DynamoDB. A test compares its layout with the packaged template's. */
export const startTestStore = async (
  now: () => number,
  onUnreadable: (reference: string, error: unknown) => void = () => {},
) => {
  const { url, close } = await startDynamoDb({ port: 0 });
  onTestFinished(close);
  const tableName = 'test-Table';
  await createTables(url, [{ name: tableName, properties: tableLayout }]);
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  onTestFinished(() => client.destroy());
  return { client, tableName, store: createNoticeStore({ client, tableName, now, onUnreadable }) };
};

/** The names of the commands that the client sends from now on, filled in as they are sent. */
export const requestsOf = (client: DynamoDBClient): string[] => {
  const made: string[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        made.push(commandName ?? '');
        return next(args);
      },
    { step: 'initialize' },
  );
  return made;
};
