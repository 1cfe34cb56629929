/** Who may invoke the functions, how often, and what happens to an invocation that fails. */
import { expect, test } from 'vitest';
import { all, functionsOf, packagedTemplate, referencesIn, type Template } from './template.ts';

const failedRunQueue = { 'Fn::GetAtt': ['FailedRunQueue', 'Arn'] };

const schedulesOf = (template: Template) => all(template, 'AWS::Scheduler::Schedule');

/** Who is permitted to invoke which function, as `HttpApi to GetDashnoticeLambdaFunction`. */
const permitted = (template: Template): string[] => [
  ...all(template, 'AWS::Lambda::Permission').map(
    ({ Properties }) => `${referencesIn(Properties.SourceArn)} to ${referencesIn(Properties.FunctionName)}`,
  ),
  ...referencesIn(scheduleRole(template).Policies[0].PolicyDocument.Statement[0].Resource).map(
    (target) => `ScheduleRole to ${target}`,
  ),
];

const scheduleRole = ({ Resources }: Template) => Resources.ScheduleRole?.Properties ?? {};

/** Who will try to invoke which function, in the same words. */
const tried = (template: Template): string[] => [
  ...schedulesOf(template).map(
    ({ Properties }) =>
      `${referencesIn(Properties.Target.RoleArn)} to ${referencesIn(Properties.Target.Arn)}`,
  ),
  ...all(template, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => {
    const [integration = ''] = referencesIn(Properties.Target);
    return `HttpApi to ${referencesIn(template.Resources[integration]?.Properties.IntegrationUri)}`;
  }),
];

const distinct = (all: readonly string[]): string[] => [...new Set(all)].toSorted();

test('schedules and routes may invoke the functions they are for, and nobody else may', async () => {
  const template = await packagedTemplate();
  expect(permitted(template).toSorted()).toEqual(distinct(tried(template)));
  for (const { Properties } of all(template, 'AWS::Lambda::Permission'))
    expect(Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    });
});

test('every function is invoked by a route, a schedule or the event queue', async () => {
  const template = await packagedTemplate();
  const polled = all(template, 'AWS::Lambda::EventSourceMapping').flatMap(({ Properties }) =>
    referencesIn(Properties.FunctionName),
  );
  const invoked = [...polled, ...tried(template).map((each) => each.replace(/^.* to /, ''))];
  const functions = functionsOf(template).map(({ logicalId }) => logicalId);
  expect(distinct(invoked)).toEqual(functions.toSorted());
});

test('Lambda alone takes on the functions’ roles', async () => {
  const roles = all(await packagedTemplate(), 'AWS::IAM::Role');
  for (const { Properties } of roles.filter(({ logicalId }) => logicalId !== 'ScheduleRole'))
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] },
    ]);
});

test('Scheduler, for this account alone, may invoke functions and keep what it could not deliver', async () => {
  const { AssumeRolePolicyDocument, Policies } = scheduleRole(await packagedTemplate());
  expect(AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
  expect(Policies[0].PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: expect.any(Array) },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: failedRunQueue },
  ]);
});

test('push-message takes ten events at a time and reports single failures, in two invocations at most', async () => {
  const mappings = all(await packagedTemplate(), 'AWS::Lambda::EventSourceMapping');
  expect(mappings.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    }),
  ]);
});

test('no function reserves a share of an account’s ten concurrent executions', async () => {
  for (const { Properties } of all(await packagedTemplate(), 'AWS::Lambda::Function'))
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('the HTTP API throttles a flood from outside, before it uses up what all functions share', async () => {
  const template = await packagedTemplate();
  const { DefaultRouteSettings, RouteSettings } = template.Resources.HttpApiStage?.Properties ?? {};
  for (const settings of [DefaultRouteSettings, ...Object.values(RouteSettings)])
    expect(settings).toEqual({
      ThrottlingRateLimit: expect.any(Number),
      ThrottlingBurstLimit: expect.any(Number),
    });
  const keys = all(template, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
  expect(keys).toEqual(expect.arrayContaining(Object.keys(RouteSettings)));
});

test('the access log holds neither paths, which name visitors, nor queries, which hold secrets', async () => {
  const { HttpApiStage } = (await packagedTemplate()).Resources;
  const { Format } = HttpApiStage?.Properties.AccessLogSettings ?? {};
  expect(Object.values(JSON.parse(Format))).not.toContainEqual(expect.stringMatching(/path|query|header/i));
});

test('a tick is never repeated, and one that failed is kept with its error', async () => {
  const template = await packagedTemplate();
  const schedules = schedulesOf(template);
  expect(schedules).toHaveLength(2);
  for (const { Properties } of schedules)
    expect(Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: failedRunQueue },
      },
    });
  const configs = all(template, 'AWS::Lambda::EventInvokeConfig');
  expect(configs).toHaveLength(2);
  for (const { Properties } of configs)
    expect(Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: failedRunQueue } },
    });
});
