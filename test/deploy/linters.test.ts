/** What programs that know CloudFormation, and its good practice, find in the packaged template. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { isInstalled } from '../support/is-installed.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findingsIn, outdated, unexplained } from './nag.ts';
import { faultsIn } from './resource-schemas.ts';
import { packagedTemplate, referencesIn } from './template.ts';

const findingsInText = async (template: string) => {
  const file = join(await temporaryFolder(), 'template.json');
  await writeFile(file, template);
  return findingsIn(file);
};

test('every resource is one that CloudFormation knows, with its properties', async () => {
  expect(faultsIn(await packagedTemplate())).toEqual([]);
});

test.each([
  ['a property that does not exist', { Encrypted: true }, 'EventQueue.Encrypted is not known'],
  [
    'a value of another type',
    { VisibilityTimeout: 'long' },
    'EventQueue.VisibilityTimeout has to be integer',
  ],
  [
    'an attribute that does not exist',
    { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Url'] } } },
    'EventQueue.RedrivePolicy.deadLetterTargetArn: DeadLetterQueue has no attribute Url',
  ],
  [
    'an attribute that does not exist, in a text',
    { QueueName: { 'Fn::Sub': `x-\${Bus.Name}-\${Table.Url}` } },
    'EventQueue.QueueName: Table has no attribute Url',
  ],
])('the schemas find %s', async (_, properties, fault) => {
  const { Resources } = await packagedTemplate();
  const EventQueue = { Type: 'AWS::SQS::Queue', Properties: properties };
  expect(faultsIn({ Resources: { ...Resources, EventQueue } })).toEqual([fault]);
});

test('the schemas find what is missing, and a type that does not exist', () => {
  const Resources = {
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Other: { Type: 'AWS::SQS::Que', Properties: {} },
  };
  expect(faultsIn({ Resources })).toEqual([
    'Role.AssumeRolePolicyDocument is missing',
    'Other: AWS::SQS::Que does not exist',
  ]);
});

test('the rule packs AwsSolutions and Serverless find nothing but what is meant to be so', () => {
  const findings = findingsIn(inject('templateFile'));
  expect(unexplained(findings)).toEqual([]);
  // This stage has no e-mail address for its alarms.
  expect(outdated(findings).map(({ rule }) => rule)).toEqual(['Serverless-SNSRedrivePolicy']);
});

test('the rule packs find a queue that is not encrypted', async () => {
  const template = await readFile(inject('templateFile'), 'utf8');
  const findings = await findingsInText(template.replaceAll(/("SqsManagedSseEnabled"): true/g, '$1: false'));
  expect(unexplained(findings)).toContainEqual({ rule: 'AwsSolutions-SQS2', resource: 'EventQueue' });
});

test.each([
  ['a reference that leads nowhere', { QueueName: { Ref: 'Name' } }, "'Name' not found"],
  [
    'a reference that leads nowhere, in a text',
    { QueueName: { 'Fn::Sub': `\${AWS::Region}-\${!Literal}-\${Name.Arn}` } },
    "'Name' was not found",
  ],
  ['a circle of references', { QueueName: { 'Fn::Sub': `x-\${Policy}` } }, 'Found a cycle'],
])('the rule packs refuse a template with %s', async (_, properties, reason) => {
  const Resources = {
    Queue: { Type: 'AWS::SQS::Queue', Properties: properties },
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: {} } },
  };
  await expect(findingsInText(JSON.stringify({ Resources }))).rejects.toThrow(reason);
});

test('no dependency is declared that a reference implies', async () => {
  for (const { DependsOn = [], Properties } of Object.values((await packagedTemplate()).Resources)) {
    const implied = referencesIn(Properties);
    expect([DependsOn].flat().filter((id) => implied.includes(id))).toEqual([]);
  }
});

test('the template is no larger than CloudFormation takes', async () => {
  const { Resources, Outputs } = await packagedTemplate();
  expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
  expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200);
  expect((await readFile(inject('templateFile'))).length).toBeLessThanOrEqual(1024 * 1024);
});

test.skipIf(!isInstalled('cfn-lint'))(
  'cfn-lint has nothing to say (skipped where cfn-lint is not installed)',
  async () => {
    const linting = promisify(execFile)('cfn-lint', ['--format', 'parseable', '--', inject('templateFile')]);
    await expect(linting).resolves.toMatchObject({ stdout: '' });
  },
  120_000,
);
