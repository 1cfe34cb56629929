import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findingsIn, unexplained } from './nag.ts';
import { faultsIn } from './resource-schemas.ts';
import { readTemplate } from './template.ts';

const packageFor = async (...options: string[]): Promise<string> => {
  const folder = await temporaryFolder();
  await promisify(execFile)('serverless', ['package', '--package', folder, ...options], {
    shell: process.platform === 'win32',
  });
  return join(folder, 'cloudformation-template-update-stack.json');
};

const logKeyArn = 'arn:aws:kms:ap-southeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** The other partners are not configured. */
const stripeEventSource = 'aws.partner/stripe.com/ed_test_61Rb';

const productionIn = async (region: string) => {
  const file = await packageFor(
    ...['--stage', 'prod', '--region', region],
    ...['--param', 'alarmEmail=ops@shop.example', '--param', `logKeyArn=${logKeyArn}`],
    ...['--param', `stripeEventSource=${stripeEventSource}`],
  );
  return { file, template: await readTemplate(file) };
};

let production: ReturnType<typeof productionIn> | undefined;
/** Packaging takes long, so that the tests share it. The file is there for the first of them. */
const inSydney = async () => {
  production ??= productionIn('ap-southeast-2');
  return production;
};

test('production keeps its data, and its events for a replay; an option encrypts the logs', async () => {
  const { file, template } = await inSydney();
  const { Resources } = template;
  const { Table, Archive, AlarmEmail } = Resources;
  const text = JSON.stringify(Resources);
  expect(text).toContain(stripeEventSource);
  expect(text).not.toMatch(/aws\.partner\/(shopify|commercetools)|(Shopify|Commercetools)(Bus|Rule)/);
  expect(Table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(Table?.Properties.DeletionProtectionEnabled).toBe(true);
  expect(Archive?.Properties.RetentionDays).toBe('14');
  expect(Archive?.Properties.EventPattern).toEqual(Resources.EventRule?.Properties.EventPattern);
  expect(AlarmEmail?.Properties.Endpoint).toBe('ops@shop.example');
  const groups = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
  for (const { Properties } of groups)
    expect(Properties).toMatchObject({ KmsKeyId: logKeyArn, RetentionInDays: 90 });

  expect(faultsIn({ Resources })).toEqual([]);
  expect(unexplained(findingsIn(file))).toEqual([]);
}, 60_000);

test('what cannot be deployed is refused before anything is packaged', async () => {
  const refusal = packageFor('--stage', 'Live', '--param', 'alarmEmail=nobody');
  await expect(refusal).rejects.toMatchObject({
    stdout: expect.stringContaining(`This cannot be deployed:
  stage has to be a word of small letters, digits and hyphens, of 20 characters at most
  alarmEmail has to be an e-mail address, or empty`),
  });
}, 60_000);

test('in two regions of one account, the stack has nothing in common but what a region has for itself', async () => {
  const [here, there] = [await inSydney(), await productionIn('us-east-1')];
  const textOf = ({ template }: typeof here) =>
    JSON.stringify(template).replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  const moved = textOf(there);
  expect(moved.replaceAll('-us-east-1', '-ap-southeast-2')).toBe(textOf(here));
  // Global in an account; all other names are a region's own, or CloudFormation's.
  expect(moved).toContain('"DashboardName":"conversations-bridge-prod-us-east-1"');
}, 120_000);
