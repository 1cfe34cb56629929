/** Whether what the bridge runs on is there, and well. */
import { DescribeEventBusCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import type { Account } from './account.ts';
import { awsFailure } from './aws-failure.ts';
import type { Finding } from './finding.ts';
import { checkQueues } from './queues.ts';
import { checkTable } from './table.ts';

/** Before the first deployment there is nothing to be looked at, which is as it should be. */
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
  return [
    { grade: 'ok', what: `the event bus ${Name} is there` },
    await checkRule(account),
    ...(await rest()),
  ];
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
          what: 'it has no rule that is enabled: no event gets through',
          advice: 'enable it, or deploy again',
        };
  } catch (error) {
    return awsFailure(error, 'events:ListRules', account);
  }
};
