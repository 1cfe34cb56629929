/** Whether what the bridge runs on is there, and well: the bus with its rule, the table, and the queues. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  paginateListTables,
} from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import type { Account } from './account.ts';
import { awsFailure, counted, type Finding } from './finding.ts';

const deployAgain = 'deploy again: npx serverless deploy';

/** Before the first deployment there is nothing to examine, which is as it should be. */
export const checkStack = async (account: Account): Promise<Finding[]> => {
  const { stackName: Name, isLocal, eventBridge } = account;
  const rest = async () => [...(await checkTable(account)), ...(await checkQueues(account))];
  // The local bus does not describe itself; it gave the secrets, which is proof enough.
  if (isLocal) return rest();
  try {
    await eventBridge.send(new DescribeEventBusCommand({ Name }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException')
      return [awsFailure(error, 'events:DescribeEventBus', account)];
    const advice = 'fine before the first deployment: npx serverless deploy';
    return [{ grade: 'note', what: `${Name} is not deployed yet`, advice }];
  }
  return [{ grade: 'ok', what: `the event bus ${Name} exists` }, await checkRule(account), ...(await rest())];
};

/** Events reach the bridge by the bus's one rule; that of an archive is AWS's own. */
const checkRule = async (account: Account): Promise<Finding> => {
  const { stackName: EventBusName, eventBridge } = account;
  try {
    const { Rules = [] } = await eventBridge.send(new ListRulesCommand({ EventBusName }));
    return Rules.some(({ State, ManagedBy }) => State === 'ENABLED' && ManagedBy === undefined)
      ? { grade: 'ok', what: 'its rule is enabled' }
      : {
          grade: 'failure',
          what: 'it has no enabled rule: no event reaches the bridge',
          advice: 'enable the rule, or deploy again',
        };
  } catch (error) {
    return awsFailure(error, 'events:ListRules', account);
  }
};

/**
 * The logical id of a resource of the stack by its name, which CloudFormation makes as
 * `<stack>-<logical id>-<random>`; in the local run the last part is missing. Undefined for resources of other stacks.
 */
export const logicalIdOf = (name: string, stackName: string): string | undefined => {
  if (!name.startsWith(`${stackName}-`)) return undefined;
  return /^([A-Za-z]+)(-[A-Za-z0-9]+)?$/.exec(name.slice(stackName.length + 1))?.[1];
};

const checkTable = async (account: Account): Promise<Finding[]> => {
  try {
    const name = await tableOf(account);
    if (name === undefined) return [{ grade: 'failure', what: 'there is no table', advice: deployAgain }];
    const active = await checkActive(account, name);
    // The local run keeps no backups.
    return account.isLocal ? [active] : [active, await checkBackups(account, name)];
  } catch (error) {
    return [awsFailure(error, 'dynamodb:ListTables, DescribeTable and DescribeContinuousBackups', account)];
  }
};

const tableOf = async ({ dynamoDb: client, stackName }: Account): Promise<string | undefined> => {
  // Names come in alphabetical order: no table of the stack comes before its name.
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
    : { grade: 'failure', what, advice: 'wait until it is ACTIVE, and run the doctor again' };
};

const checkBackups = async ({ dynamoDb }: Account, TableName: string): Promise<Finding> => {
  const { ContinuousBackupsDescription } = await dynamoDb.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return recovery === 'ENABLED'
    ? { grade: 'ok', what: 'the table has point-in-time recovery' }
    : {
        grade: 'warning',
        what: 'the table has no point-in-time recovery',
        advice: 'deploy again: serverless.yml switches it on',
      };
};

const checkQueues = async (account: Account): Promise<Finding[]> => {
  const { sqs: client, stackName } = account;
  try {
    const findings: Finding[] = [];
    for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: stackName }))
      for (const url of QueueUrls) {
        const queue = logicalIdOf(url.split('/').at(-1) ?? '', stackName);
        if (queue !== undefined) findings.push(await checkQueue(account, queue, url));
      }
    if (findings.length > 0) return findings;
    return [{ grade: 'failure', what: 'there are no queues', advice: deployAgain }];
  } catch (error) {
    return [awsFailure(error, 'sqs:ListQueues and GetQueueAttributes', account)];
  }
};

const checkQueue = async ({ sqs }: Account, queue: string, QueueUrl: string): Promise<Finding> => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'RedrivePolicy'],
    }),
  );
  const { ApproximateNumberOfMessages, RedrivePolicy } = Attributes;
  const count = Number(ApproximateNumberOfMessages);
  // A queue that passes nothing on is where the others, or the functions, put what failed.
  const isForFailures = RedrivePolicy === undefined;
  if (!isForFailures || count === 0)
    return { grade: 'ok', what: `${queue} exists, with ${counted(count, 'message')}` };
  return {
    grade: 'warning',
    what: `${queue} holds ${counted(count, 'message')} that failed`,
    advice:
      'read them: each has its reason in an attribute or in its body; send again what is still true, and delete them',
  };
};
