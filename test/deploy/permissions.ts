/** Compares the functions' roles with what the functions ask of AWS, and with what Lambda itself does by these roles. */
import * as z from 'zod/mini';
import type { Template as LocalTemplate } from '../../tools/aws/template.ts';
import { createResolver } from '../../tools/aws/template.ts';
import { all, type FunctionResource, functionsOf, referencesIn, type Template } from './template.ts';

const oneOrMore = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.union([schema, z.array(schema)]),
    z.transform((value) => [value].flat()),
  );

/** Refuses whatever else a policy could say, such as NotAction or another effect. */
const roleSchema = z.object({
  Policies: z.array(
    z.object({
      PolicyDocument: z.strictObject({
        Version: z.literal('2012-10-17'),
        Statement: z.array(
          z.strictObject({
            Sid: z.optional(z.string()),
            Effect: z.literal('Allow'),
            Action: oneOrMore(z.string()),
            Resource: oneOrMore(z.unknown()),
          }),
        ),
      }),
    }),
  ),
  ManagedPolicyArns: z._default(z.array(z.unknown()).check(z.maxLength(0)), []),
});

const arnSchema = z.union([
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  z.strictObject({ 'Fn::Sub': z.string() }),
  z.string(),
]);

const parameterOfThisAccount = `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:`;

/** A resource by its logical id, or by what follows on it: `Table`, `Table/index/queue`, `parameter/name`. */
const inShort = (arn: unknown): string => {
  const given = arnSchema.parse(arn);
  if (typeof given === 'string') return given;
  if ('Fn::GetAtt' in given) return given['Fn::GetAtt'][0];
  return given['Fn::Sub'].replace(parameterOfThisAccount, '').replace(/^\$\{(\w+)\.Arn\}/, '$1');
};

/** A permission as `dynamodb:Query on Table/index/queue`. */
export const permission = (action: string, resource: string): string => `${action} on ${resource}`;

/** @throws ZodError where the role is more than a list of what is allowed */
const grantedTo = ({ Resources }: Template, role: string): string[] =>
  roleSchema
    .parse(Resources[role]?.Properties)
    .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      Resource.flatMap((each) => Action.map((action) => permission(action, inShort(each)))),
    );

/** Lambda logs what a function writes to its standard output. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
const logging = (template: Template, { functionName }: FunctionResource): string[] => {
  const group = all(template, 'AWS::Logs::LogGroup').find(
    ({ Properties }) => Properties.LogGroupName === `/aws/lambda/${functionName}`,
  );
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) =>
    permission(action, group?.logicalId ?? 'a log group of its own'),
  );
};

/** Lambda takes the messages from a function's queues. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const polling = (template: Template, { logicalId }: FunctionResource): string[] =>
  all(template, 'AWS::Lambda::EventSourceMapping')
    .filter(({ Properties }) => referencesIn(Properties.FunctionName).includes(logicalId))
    .flatMap(({ Properties }) =>
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) =>
        permission(action, inShort(Properties.EventSourceArn)),
      ),
    );

/** Lambda keeps the failed runs. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failing = (template: Template, { logicalId, DeadLetterConfig }: FunctionResource): string[] => {
  const destinations = all(template, 'AWS::Lambda::EventInvokeConfig')
    .filter(({ Properties }) => referencesIn(Properties.FunctionName).includes(logicalId))
    .map(({ Properties }) => Properties.DestinationConfig.OnFailure.Destination);
  const queues = [...destinations, ...(DeadLetterConfig === undefined ? [] : [DeadLetterConfig.TargetArn])];
  return queues.map((queue) => permission('sqs:SendMessage', inShort(queue)));
};

/** X-Ray knows no narrower resource. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
const tracing = ({ TracingConfig }: FunctionResource): string[] =>
  TracingConfig?.Mode === 'Active'
    ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => permission(action, '*'))
    : [];

/**
 * What the functions' roles lack, and what they allow without need.
 * @param asked what each function asked of AWS, by its name
 */
export const differences = (template: Template, asked: ReadonlyMap<string, ReadonlySet<string>>): string[] =>
  functionsOf(template).flatMap((one) => {
    const granted = grantedTo(template, one.role);
    const byLambda = [logging, polling, failing].flatMap((done) => done(template, one));
    const needed = [...(asked.get(one.name) ?? []), ...byLambda, ...tracing(one)];
    const lacking = needed.filter((each) => !granted.includes(each));
    const superfluous = granted.filter((each) => !needed.includes(each));
    return [
      ...lacking.map((each) => `${one.name} may not, and has to: ${each}`),
      ...superfluous.map((each) => `${one.name} may, and never does: ${each}`),
    ];
  });

/**
 * From what functions call a resource, its name or URL, to its logical id, as `inShort` has it. What the template does
 * not declare stays as it is.
 */
export const shortNames = (
  template: LocalTemplate,
  options: { stackName: string; queuesUrl: string },
): ((resource: string) => string) => {
  const resolver = createResolver(template, options);
  const known = Object.entries(template.Resources)
    .filter(([, { Type }]) => /^AWS::(DynamoDB::Table|Events::EventBus|SQS::Queue)$/.test(Type))
    .map(([logicalId]) => ({ logicalId, name: resolver.resolve({ Ref: logicalId }) }));
  return (resource) => {
    const [name = '', ...index] = resource.split(/(?=\/index\/)/);
    const found = known.find((each) => each.name === name);
    return found === undefined ? resource : [found.logicalId, ...index].join('');
  };
};
