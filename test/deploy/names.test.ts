/** The names that the template gives to resources and outputs. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { all, packagedTemplate, type Template } from './template.ts';

/** How long names may be. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html */
const limits: Record<string, { property: string; most: number }> = {
  'AWS::Lambda::Function': { property: 'FunctionName', most: 64 },
  'AWS::IAM::Role': { property: 'RoleName', most: 64 },
  'AWS::Events::Rule': { property: 'Name', most: 64 },
  'AWS::Events::EventBus': { property: 'Name', most: 256 },
  'AWS::Events::Archive': { property: 'ArchiveName', most: 48 },
  'AWS::SQS::Queue': { property: 'QueueName', most: 80 },
  'AWS::SNS::Topic': { property: 'TopicName', most: 256 },
  'AWS::DynamoDB::Table': { property: 'TableName', most: 255 },
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', most: 255 },
  'AWS::CloudWatch::Dashboard': { property: 'DashboardName', most: 255 },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', most: 512 },
  'AWS::ApiGatewayV2::Api': { property: 'Name', most: 128 },
};

/** The longest that check-settings.ts lets pass. */
const longStage = 'a-stage-of-20-letter';

const named = (template: Template) =>
  Object.entries(limits).flatMap(([type, { property, most }]) =>
    all(template, type).flatMap(({ logicalId, Properties }) =>
      // The bus of a partner has the name of the partner's source.
      property in Properties && !('EventSourceName' in Properties)
        ? [{ type, logicalId, name: Properties[property], most }]
        : [],
    ),
  );

test('names are short enough, even those of a stage of twenty letters', async () => {
  const names = named(await packagedTemplate());
  expect(names.length).toBeGreaterThan(22);
  for (const { logicalId, name, most } of names) {
    expect(name, logicalId).toEqual(expect.stringContaining('conversations-bridge-test'));
    const long: string = name.replace('-test', `-${longStage}`);
    expect(long.length, long).toBeLessThanOrEqual(most);
  }
});

test('no two resources of a type have the same name', async () => {
  const names = named(await packagedTemplate()).map(({ type, name }) => `${type} ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

test('CloudFormation names what holds data, and what a rollback would have to replace', async () => {
  const template = await packagedTemplate();
  for (const [type, property] of [
    ['AWS::DynamoDB::Table', 'TableName'],
    ['AWS::SQS::Queue', 'QueueName'],
    ['AWS::SNS::Topic', 'TopicName'],
    ['AWS::IAM::Role', 'RoleName'],
    ['AWS::Events::Rule', 'Name'],
  ] as const)
    for (const { Properties } of all(template, type)) expect(Properties).not.toHaveProperty(property);
});

test('the outputs have the names that the commands in docs/operations.md ask for', async () => {
  const { Outputs } = await packagedTemplate();
  const operations = await readFile('docs/operations.md', 'utf8');
  const asked = Array.from(operations.matchAll(/\$\(output (\w+)\)/g), ([, name]) => name);
  expect(asked.length).toBeGreaterThan(0);
  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(asked));
});

test('nothing names a partition or a region of AWS, so that the stack fits China and the US government too', async () => {
  const { Resources } = await packagedTemplate();
  const { Dashboard: _, ...others } = Resources;
  const text = JSON.stringify(others);
  expect(text).not.toMatch(/arn:aws:/);
  expect(text).not.toMatch(/eu-west-1/);
  // Principals are named alike in all partitions.
  const hosts = Array.from(text.matchAll(/[\w.-]*amazonaws\.com[\w.]*/g), ([host]) => host);
  expect([...new Set(hosts)].toSorted()).toEqual([
    'apigateway.amazonaws.com',
    'cloudwatch.amazonaws.com',
    'events.amazonaws.com',
    'lambda.amazonaws.com',
    'scheduler.amazonaws.com',
  ]);
});
