/** Whether the notices' table is there, and can be taken back to an earlier moment. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  paginateListTables,
} from '@aws-sdk/client-dynamodb';
import type { Account } from './account.ts';
import { awsFailure } from './aws-failure.ts';
import type { Finding } from './finding.ts';
import { logicalIdOf } from './physical-name.ts';

export const checkTable = async (account: Account): Promise<Finding[]> => {
  try {
    const name = await tableOf(account);
    if (name === undefined)
      return [{ grade: 'failure', what: 'there is no table', advice: 'deploy again: npx serverless deploy' }];
    const active = await checkActive(account, name);
    // The local run keeps no backups.
    return account.isLocal ? [active] : [active, await checkBackups(account, name)];
  } catch (error) {
    return [awsFailure(error, 'dynamodb:ListTables, DescribeTable and DescribeContinuousBackups', account)];
  }
};

const tableOf = async ({ dynamoDb: client, stackName }: Account): Promise<string | undefined> => {
  // Names come in their order: before the first of the stack's there is nothing to look at.
  for await (const { TableNames = [] } of paginateListTables(
    { client },
    { ExclusiveStartTableName: stackName },
  )) {
    const name = TableNames.find((each) => logicalIdOf(each, stackName) === 'Table');
    if (name !== undefined) return name;
  }
  return undefined;
};

const checkActive = async ({ dynamoDb }: Account, TableName: string): Promise<Finding> => {
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
  const what = `the table ${TableName} is ${Table?.TableStatus}`;
  return Table?.TableStatus === 'ACTIVE'
    ? { grade: 'ok', what }
    : { grade: 'failure', what, advice: 'wait until it is ACTIVE, and ask again' };
};

const checkBackups = async ({ dynamoDb }: Account, TableName: string): Promise<Finding> => {
  const { ContinuousBackupsDescription } = await dynamoDb.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return recovery === 'ENABLED'
    ? { grade: 'ok', what: 'the table can be taken back to an earlier moment' }
    : {
        grade: 'warning',
        what: 'the table has no point-in-time recovery',
        advice: 'deploy again: serverless.yml switches it on',
      };
};
