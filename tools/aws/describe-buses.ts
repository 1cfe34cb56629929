/** What EventBridge says of its buses, and of the partners' sources behind them. */
import * as z from 'zod/mini';
import { accountId, region } from './account.ts';
import { AwsError, isOfPartner } from './put-events.ts';
import type { Rule } from './rules.ts';

type Operation = `AWSEvents.${'ListEventBuses' | 'ListEventSources' | 'DescribeEventSource' | 'ListRules'}`;

const requestSchema = z.object({
  Name: z.optional(z.string()),
  NamePrefix: z._default(z.string(), ''),
  EventBusName: z._default(z.string(), 'default'),
});

/**
 * Answers in full, without pages. Behind each bus of a partner is an active source: a source without its bus, which would be
 * pending, is not in the template.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventSource.html
 *
 * @throws AwsError ValidationException, ResourceNotFoundException
 */
export const describeBuses = (
  operation: Operation,
  body: unknown,
  { buses, rules }: { buses: readonly string[]; rules: readonly Rule[] },
) => {
  const request = requestSchema.safeParse(body);
  if (!request.success) throw new AwsError('ValidationException', z.prettifyError(request.error));
  const { Name, NamePrefix, EventBusName } = request.data;
  const named = buses.filter((name) => name.startsWith(NamePrefix));
  switch (operation) {
    case 'AWSEvents.ListEventBuses':
      return {
        EventBuses: named.map((name) => ({ Name: name, Arn: arnOf(`event-bus/${name}`, accountId) })),
      };
    case 'AWSEvents.ListEventSources':
      return { EventSources: named.filter(isOfPartner).map(sourceOf) };
    case 'AWSEvents.DescribeEventSource': {
      if (Name === undefined) throw new AwsError('ValidationException', 'Name is missing.');
      if (buses.includes(Name) && isOfPartner(Name)) return sourceOf(Name);
      throw new AwsError('ResourceNotFoundException', `Event source ${Name} does not exist.`);
    }
    case 'AWSEvents.ListRules':
      if (!buses.includes(EventBusName))
        throw new AwsError('ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`);
      return {
        Rules: rules
          .filter(({ bus }) => bus === EventBusName)
          .map(({ arn }) => ({ Name: arn.split('/').at(-1), Arn: arn, EventBusName, State: 'ENABLED' })),
      };
  }
};

/** The sources of partners belong to no account. */
const arnOf = (resource: string, account = ''): string => `arn:aws:events:${region}:${account}:${resource}`;

const sourceOf = (name: string) => ({
  Name: name,
  Arn: arnOf(`event-source/${name}`),
  CreatedBy: name.split('/')[1],
  State: 'ACTIVE',
});
