import { expect, test } from 'vitest';
import { referencesIn } from './references.ts';
import { all, functionsOf, packagedTemplate, type Template } from './template.ts';

/** Who may invoke which function, both by their logical ids. */
const permissions = (template: Template) =>
  all(template, 'AWS::Lambda::Permission').map(({ Properties }) => ({
    to: referencesIn(Properties.FunctionName).join(),
    by: referencesIn(Properties.SourceArn)
      .filter((name) => !name.startsWith('AWS::'))
      .join(),
  }));

/** Who will try to invoke which function. */
const invocations = (template: Template) => {
  const { Resources } = template;
  const schedules = all(template, 'AWS::Events::Rule')
    .filter(({ Properties }) => Properties.ScheduleExpression !== undefined)
    .flatMap(({ logicalId, Properties }) =>
      Properties.Targets.map(({ Arn }: { Arn: unknown }) => ({
        to: referencesIn(Arn).join(),
        by: logicalId,
      })),
    );
  const routes = all(template, 'AWS::ApiGatewayV2::Route').flatMap(({ Properties }) =>
    referencesIn(Properties.Target).map((integration) => ({
      to: referencesIn(Resources[integration]?.Properties.IntegrationUri).join(),
      by: 'HttpApi',
    })),
  );
  return [...schedules, ...routes];
};

const sorted = (pairs: { to: string; by: string }[]) =>
  pairs.map(({ to, by }) => `${by} to ${to}`).toSorted();

test('schedules and routes may invoke the functions they are for, and nobody else may', async () => {
  const template = await packagedTemplate();
  expect(sorted(permissions(template))).toEqual(sorted(invocations(template)));
  for (const { Properties } of all(template, 'AWS::Lambda::Permission'))
    expect(Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: expect.stringMatching(/^(events|apigateway)\.amazonaws\.com$/),
    });
});

test('every function is invoked by somebody', async () => {
  const template = await packagedTemplate();
  const polled = all(template, 'AWS::Lambda::EventSourceMapping').flatMap(({ Properties }) =>
    referencesIn(Properties.FunctionName),
  );
  const invoked = [...polled, ...invocations(template).map(({ to }) => to)];
  expect(invoked.toSorted()).toEqual(
    functionsOf(template)
      .map(({ logicalId }) => logicalId)
      .toSorted(),
  );
});

test('Lambda alone takes on the functions’ roles', async () => {
  const template = await packagedTemplate();
  for (const { Properties } of all(template, 'AWS::IAM::Role'))
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] },
    ]);
});
