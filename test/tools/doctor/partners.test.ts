import { expect, test } from 'vitest';
import { checkPartners } from '../../../tools/doctor/partners.ts';
import { type AwsAnswer, startAws } from '../../support/aws-server.ts';
import { accountAt, printed, said } from './doctored.ts';

const source = 'aws.partner/stripe.com/ed_1';
const rule = { Name: 'conversations-bridge-test-StripeRule-1A2B3C', State: 'ENABLED' };
const notFound = { status: 400, body: { __type: 'ResourceNotFoundException' } };

interface Given {
  buses?: string[];
  rules?: object[];
  sources?: object[];
  described?: AwsAnswer;
}

/** What is found in an account with these buses, rules on each of them, and sources. */
const found = async ({ buses = [source], rules = [rule], sources = [], described = notFound }: Given) => {
  const { url } = await startAws<{ Name?: string; EventBusName?: string }>((body) => {
    if (body.Name !== undefined) return described;
    if (body.EventBusName !== undefined) return { body: { Rules: rules } };
    return { body: { EventBuses: buses.map((Name) => ({ Name })), EventSources: sources } };
  });
  return checkPartners(accountAt({ bus: url }));
};

test('an active source is fine', async () => {
  const findings = await found({ described: { body: { Name: source, State: 'ACTIVE' } } });
  expect(said(findings)).toEqual([`ok: the event source ${source} is ACTIVE`]);
});

test.each([
  ['deleted', { body: { Name: source, State: 'DELETED' } }],
  ['not there any more', notFound],
])('a source that is %s has to be made again', async (_, described) => {
  const findings = await found({ described });
  expect(printed(findings)).toContain(
    `the partner has deleted the event source ${source} → create another at the partner, and deploy with its name as stripeEventSource`,
  );
});

test('a source that waits although its bus is there fails, with the time at which it expires', async () => {
  const ExpirationTime = Date.parse('2026-12-01T10:00:00Z') / 1000;
  const findings = await found({ described: { body: { Name: source, State: 'PENDING', ExpirationTime } } });
  expect(said(findings)).toEqual([
    `failure: the event source ${source} is PENDING until 2026-12-01T10:00Z: none of its events reaches the bus`,
  ]);
});

test('a source that waits for its bus is named with the command that takes it', async () => {
  const ExpirationTime = Date.parse('2026-12-01T10:00:00Z') / 1000;
  const sources = [
    { Name: source, State: 'PENDING', ExpirationTime },
    { Name: 'aws.partner/stripe.com/ed_2', State: 'ACTIVE' },
    { Name: 'aws.partner/example.com/a/b', State: 'PENDING' },
  ];
  expect(printed(await found({ buses: [], sources }))).toBe(
    `! warning  the event source ${source} waits for its bus until 2026-12-01T10:00Z → npx serverless deploy --param="stripeEventSource=${source}"`,
  );
});

test.each([
  ['of other stages', [{ ...rule, Name: 'conversations-bridge-prod-StripeRule-1A2B3C' }]],
  ['without rules', []],
])('buses %s are none of its business', async (_, rules) => {
  expect(await found({ rules })).toEqual([]);
});

test('a disabled rule fails', async () => {
  const findings = await found({ rules: [{ ...rule, State: 'DISABLED' }] });
  expect(said(findings)).toEqual([
    `failure: the rule of the bus ${source} is disabled: none of its events reaches the bridge`,
  ]);
});

test('a missing permission is named', async () => {
  const findings = await found({ described: { status: 400, body: { __type: 'AccessDeniedException' } } });
  expect(printed(findings)).toContain(
    'allow events:ListEventBuses, ListRules, ListEventSources and DescribeEventSource',
  );
});
