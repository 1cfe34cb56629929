import { expect, inject, onTestFinished, test } from 'vitest';
import { partnerSources } from '../../tools/aws/account.ts';
import { startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { examine } from '../../tools/doctor/examine.ts';
import { type Finding, lineOf, summaryOf } from '../../tools/doctor/finding.ts';
import { configWith } from '../support/config.ts';
import { liz, simulatedBrevo } from '../tools/brevo/simulated-brevo.ts';
import { accountAt, printed, said } from '../tools/doctor/doctored.ts';

const shifts = [{ days: ['mon' as const], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' }];
const config = configWith({ presence: { agents: [{ agentId: liz.id, shifts }] } });

/** What is found in a stack as it would be deployed, whose bus answers like that of the local run. */
const examined = async (given: {
  secrets: object;
  pingsAgents?: boolean;
  isLocal?: boolean;
}): Promise<{ findings: Finding[]; asked: unknown }> => {
  const { secrets, pingsAgents = false, isLocal = true } = given;
  const stack = await startStack({
    template: await readTemplate(inject('templateFile')),
    stackName: 'conversations-bridge-test',
    ports: { bus: 0, dynamoDb: 0, queues: 0 },
    secrets: JSON.stringify(secrets),
  });
  onTestFinished(() => stack.close());
  const { brevo, control } = await simulatedBrevo();
  const account = accountAt(stack.urls, { isLocal });
  const findings: Finding[] = [];
  for await (const finding of examine({ account, config, brevoBaseUrl: brevo.baseUrl, fetch, pingsAgents }))
    findings.push(finding);
  return { findings, asked: (await control('GET', '/requests')).json };
};

const secrets = { brevoApiKey: 'right-key', visitorIdSecret: 's3cret' };

test('a local run that is ready has nothing to fix', async () => {
  const { findings } = await examined({ secrets });
  expect(findings.filter(({ grade }) => grade === 'failure' || grade === 'warning')).toEqual([]);
  expect(said(findings)).toContain('ok: the table conversations-bridge-test-Table is ACTIVE');
  expect(said(findings)).toContain('ok: EventQueue exists, with 0 messages');
  for (const source of partnerSources)
    expect(said(findings)).toContain(`ok: the event source ${source} is ACTIVE`);
  expect(summaryOf(findings)).toBe('Ready.');
});

test('in AWS the secrets’ strength and the address that Brevo will see matter too', async () => {
  const { findings } = await examined({ secrets, isLocal: false });
  expect(said(findings)).toContain('note: Brevo saw this machine’s address; Lambda has no fixed one');
  expect(said(findings)).toContain(
    'warning: the secrets: visitorIdSecret is shorter than 32 characters and might be guessed',
  );
  expect(printed(findings)).not.toContain('s3cret');
});

test('agents are pinged only where that is asked for', async () => {
  expect((await examined({ secrets })).asked).toMatchObject([{ method: 'GET' }]);
  const { findings, asked } = await examined({ secrets, pingsAgents: true });
  expect(asked).toMatchObject([{ method: 'GET' }, { method: 'POST', changed: 'pinged' }]);
  expect(said(findings)).toContain(`ok: Brevo shows the agent ${liz.id} as online`);
});

test('a refused key is asked with no further', async () => {
  const { findings, asked } = await examined({
    secrets: { ...secrets, brevoApiKey: 'wrong' },
    pingsAgents: true,
  });
  expect(asked).toMatchObject([{ method: 'GET', status: 401 }]);
  expect(summaryOf(findings)).toBe('Not ready: 1 failure, 0 warnings.');
});

test('a placeholder is not sent to Brevo, and the rest is looked at', async () => {
  const { findings, asked } = await examined({
    secrets: { ...secrets, brevoApiKey: 'xkeysib-...' },
    isLocal: false,
  });
  expect(asked).toEqual([]);
  expect(said(findings)).toContain('failure: the secrets: brevoApiKey holds a placeholder');
  expect(said(findings)).toContainEqual(expect.stringMatching(/events:DescribeEventBus/));
});

test('without secrets the stack is looked at', async () => {
  const { findings, asked } = await examined({ secrets: {} });
  expect(asked).toEqual([]);
  expect(said(findings)).toContain('failure: the secrets: brevoApiKey is missing');
  expect(said(findings)).toContain('ok: EventQueue exists, with 0 messages');
});

test('a finding is one line, with what to do about it', () => {
  const line = lineOf({ grade: 'warning', what: 'it rains', advice: 'take an umbrella' });
  expect(line).toBe('! warning  it rains → take an umbrella');
  expect(summaryOf([{ grade: 'warning', what: 'it rains' }])).toBe('Ready, with 1 warning.');
});
