import { expect, test } from 'vitest';
import { all as allOf, packagedTemplate } from './template.ts';

const resources = async () => (await packagedTemplate()).Resources;

const all = async (type: string) => allOf(await packagedTemplate(), type);

test('an account with ten concurrent executions is enough: nothing is reserved', async () => {
  const functions = await all('AWS::Lambda::Function');
  for (const { Properties } of functions)
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  const [mapping] = await all('AWS::Lambda::EventSourceMapping');
  expect(mapping?.Properties.ScalingConfig).toEqual({ MaximumConcurrency: 2 });
});

test('a flood from outside is throttled, before it uses up what all functions share', async () => {
  const { HttpApiStage } = await resources();
  const { DefaultRouteSettings, RouteSettings } = HttpApiStage?.Properties ?? {};
  for (const settings of [DefaultRouteSettings, ...Object.values(RouteSettings)])
    expect(settings).toEqual({
      ThrottlingRateLimit: expect.any(Number),
      ThrottlingBurstLimit: expect.any(Number),
    });
  const routes = await all('AWS::ApiGatewayV2::Route');
  const keys = routes.map(({ Properties }) => Properties.RouteKey);
  for (const route of Object.keys(RouteSettings)) expect(keys).toContain(route);
});

test('the access log tells neither paths, which name visitors, nor queries, which hold secrets', async () => {
  const { HttpApiStage } = await resources();
  const { Format } = HttpApiStage?.Properties.AccessLogSettings ?? {};
  expect(Object.values(JSON.parse(Format))).not.toContainEqual(expect.stringMatching(/path|query|header/i));
});

test('logs end, bus, queues and table are encrypted', async () => {
  for (const { Properties } of await all('AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(30);
  for (const { Properties } of await all('AWS::SQS::Queue'))
    expect(Properties.SqsManagedSseEnabled).toBe(true);
  const { Table } = await resources();
  expect(Table?.Properties.SSESpecification).toEqual({ SSEEnabled: true });
});

test('a tick is never repeated, and what became of it is kept', async () => {
  const schedules = (await all('AWS::Events::Rule')).filter(
    ({ Properties }) => Properties.ScheduleExpression,
  );
  const FailedRunQueue = { 'Fn::GetAtt': ['FailedRunQueue', 'Arn'] };
  expect(schedules).toHaveLength(2);
  for (const { Properties } of schedules)
    expect(Properties.Targets).toEqual([
      expect.objectContaining({
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: FailedRunQueue },
      }),
    ]);
  const configs = await all('AWS::Lambda::EventInvokeConfig');
  expect(configs).toHaveLength(2);
  for (const { Properties } of configs)
    expect(Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: FailedRunQueue } },
    });
});

test('a function writes to its own log and to no other', async () => {
  for (const [logicalId, { Type, Properties }] of Object.entries(await resources())) {
    if (Type !== 'AWS::IAM::Role') continue;
    const statements: { Action: string[]; Resource: unknown }[] =
      Properties.Policies[0].PolicyDocument.Statement;
    const logging = statements.filter(({ Action }) => JSON.stringify(Action).includes('logs:'));
    const LogGroup = logicalId.replace('IamRoleLambdaExecution', 'LogGroup');
    expect(logging).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [LogGroup, 'Arn'] },
      },
    ]);
  }
});

test('no dependency is declared that a reference implies', async () => {
  for (const { DependsOn, Properties } of Object.values(await resources())) {
    const named = [DependsOn ?? []].flat();
    const properties = JSON.stringify(Properties);
    for (const id of named) expect(properties).not.toMatch(new RegExp(`"(Ref":|Fn::GetAtt":\\[)"${id}"`));
  }
});
