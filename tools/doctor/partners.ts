/** Whether the partner event sources that the stack listens to are active, and whether others wait for their bus. */
import {
  DescribeEventSourceCommand,
  ListEventBusesCommand,
  ListEventSourcesCommand,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import type { Account } from './account.ts';
import { awsFailure, type Finding } from './finding.ts';
import { logicalIdOf } from './stack.ts';

const NamePrefix = 'aws.partner/';

/** The partners that the bridge reads, by the second part of their sources. */
const parameters = new Map([
  ['shopify.com', 'shopifyEventSource'],
  ['stripe.com', 'stripeEventSource'],
  ['commercetools.com', 'commercetoolsEventSource'],
]);

const parameterOf = (source: string): string | undefined => parameters.get(source.split('/')[1] ?? '');

/** A stack without partners has no findings. */
export const checkPartners = async (account: Account): Promise<Finding[]> => {
  const { eventBridge } = account;
  try {
    const { EventBuses = [] } = await eventBridge.send(new ListEventBusesCommand({ NamePrefix, Limit: 100 }));
    const buses = EventBuses.flatMap(({ Name }) => Name ?? []);
    const findings: Finding[] = [];
    for (const bus of buses) {
      const state = await ruleOn(account, bus);
      if (state === 'DISABLED')
        findings.push({
          grade: 'failure',
          what: `the rule of the bus ${bus} is disabled: none of its events reaches the bridge`,
          advice: 'enable the rule, or deploy again',
        });
      else if (state !== undefined) findings.push(await checkSource(account, bus));
    }
    return [...findings, ...(await checkPending(account, buses))];
  } catch (error) {
    const actions = 'events:ListEventBuses, ListRules, ListEventSources and DescribeEventSource';
    return [awsFailure(error, actions, account)];
  }
};

/** The state of the stack's rule on a bus: other stages, and others, may have buses of partners in the same account. */
const ruleOn = async (
  { eventBridge, stackName }: Account,
  EventBusName: string,
): Promise<string | undefined> => {
  const { Rules = [] } = await eventBridge.send(new ListRulesCommand({ EventBusName }));
  return Rules.find(({ Name = '' }) => logicalIdOf(Name, stackName) !== undefined)?.State;
};

const checkSource = async ({ eventBridge }: Account, Name: string): Promise<Finding> => {
  const gone: Finding = {
    grade: 'failure',
    what: `the partner has deleted the event source ${Name}`,
    advice: `create another at the partner, and deploy with its name as ${parameterOf(Name)}`,
  };
  try {
    const { State, ExpirationTime } = await eventBridge.send(new DescribeEventSourceCommand({ Name }));
    switch (State) {
      case 'ACTIVE':
        return { grade: 'ok', what: `the event source ${Name} is ACTIVE` };
      case 'DELETED':
        return gone;
      default:
        return {
          grade: 'failure',
          what: `the event source ${Name} is ${State}${expiry(ExpirationTime)}: none of its events reaches the bus`,
          advice: `its bus was made for an earlier source: deploy without ${parameterOf(Name)}, then with it`,
        };
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return gone;
    throw error;
  }
};

const expiry = (at: Date | undefined): string =>
  at === undefined ? '' : ` until ${at.toISOString().slice(0, 16)}Z`;

/** A partner deletes a source that nobody takes, after seven days or so. */
const checkPending = async ({ eventBridge }: Account, buses: readonly string[]): Promise<Finding[]> => {
  const { EventSources = [] } = await eventBridge.send(
    new ListEventSourcesCommand({ NamePrefix, Limit: 100 }),
  );
  return EventSources.flatMap(({ Name = '', State, ExpirationTime }): Finding[] => {
    const parameter = parameterOf(Name);
    if (State !== 'PENDING' || parameter === undefined || buses.includes(Name)) return [];
    return [
      {
        grade: 'warning',
        what: `the event source ${Name} waits for its bus${expiry(ExpirationTime)}`,
        advice: `npx serverless deploy --param="${parameter}=${Name}"`,
      },
    ];
  });
};
