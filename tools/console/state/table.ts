import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Budget, budgetSchema, emptyBudget } from '../../../lib/budget/budget.ts';
import { toNotice } from '../../../lib/notices/item.ts';
import type { Notice } from '../../../lib/notices/notice.ts';
import { parse } from '../../../lib/runtime/parse.ts';
import { credentials, region } from '../../aws/account.ts';
import type { Stack } from '../../aws/stack.ts';

export type Stored = { notices: Notice[]; budget: Budget };

/** Reads all that the bridge has stored, as far as a page of DynamoDB's goes (a megabyte). */
export function createTableReader({ urls, functions }: Pick<Stack, 'urls' | 'functions'>) {
  const client = new DynamoDBClient({ endpoint: urls.dynamoDb, region, credentials });
  const named = functions.find(({ environment }) => 'TABLE_NAME' in environment);
  const scan = new ScanCommand({ TableName: named?.environment.TABLE_NAME, ConsistentRead: true });
  return async (): Promise<Stored> => {
    const { Items = [] } = await client.send(scan);
    const isKeyed = (beginning: string) => (item: (typeof Items)[number]) =>
      item.key?.S?.startsWith(beginning) === true;
    const budget = Items.find(isKeyed('budget'));
    return {
      notices: Items.filter(isKeyed('notice#')).map(toNotice),
      budget:
        budget === undefined ? emptyBudget() : parse(budgetSchema, unmarshall(budget), 'The stored budget'),
    };
  };
}
