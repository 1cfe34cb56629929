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

test('production keeps its data, and its events for a replay; an option encrypts the logs', async () => {
  const file = await packageFor(
    ...['--stage', 'prod', '--region', 'ap-southeast-2'],
    ...['--param', 'alarmEmail=ops@shop.example', '--param', `logKeyArn=${logKeyArn}`],
  );
  const { Resources } = await readTemplate(file);
  const { Table, Archive, AlarmEmail } = Resources;
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
  const [here, there] = await Promise.all(
    ['eu-west-1', 'us-east-1'].map(async (region) =>
      JSON.stringify(await readTemplate(await packageFor('--stage', 'prod', '--region', region))),
    ),
  );
  const withoutTime = (template = '') => template.replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  const moved = withoutTime(there).replaceAll('-us-east-1', '-eu-west-1');
  expect(moved).toBe(withoutTime(here));
  // Global in an account; all other names are a region's own, or CloudFormation's.
  expect(there).toContain('"DashboardName":"conversations-bridge-prod-us-east-1"');
}, 120_000);
