import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Framework, Hooks, Resource } from './framework.ts';

const parametersSchema = z.object({
  alarmEmail: z.string(),
  archiveDays: z.coerce.number(),
  logKeyArn: z.string(),
  commercetoolsEventSource: z.string(),
  shopifyEventSource: z.string(),
  stripeEventSource: z.string(),
});

const esbuildSchema = z.object({ outputWorkFolder: z.string() });

const roleSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

const assumedSchema = z.object({
  AssumeRolePolicyDocument: z.looseObject({
    Statement: z.array(z.looseObject({ Principal: z.object({ Service: z.unknown() }) })),
  }),
});

const policySchema = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Action: z.unknown() })) }),
});

const queuePolicySchema = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) });

/** The framework lets Scheduler take on the role of every function, which invokes none. */
const forLambdaAlone = ({ Properties }: Resource): void => {
  const { AssumeRolePolicyDocument } = assumedSchema.parse(Properties);
  for (const { Principal } of AssumeRolePolicyDocument.Statement)
    Principal.Service = ['lambda.amazonaws.com'];
  Properties.AssumeRolePolicyDocument = AssumeRolePolicyDocument;
};

/** The plugin for roles allows more: to make the group, which CloudFormation does, and groups whose names begin alike. */
const writeToOwnLog = ({ Properties }: Resource, logGroup: string): void => {
  const [policy] = z.tuple([policySchema]).parse(Properties.Policies);
  const own = {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
  };
  const Statement = policy.PolicyDocument.Statement.map((each) =>
    JSON.stringify(each.Action).includes('logs:PutLogEvents') ? own : each,
  );
  Properties.Policies = [{ ...policy, PolicyDocument: { ...policy.PolicyDocument, Statement } }];
};

/**
 * The next tick makes up for one that could not be delivered, which Scheduler would try again for a day. The framework has
 * the function's own role invoke the function.
 */
const doNotRepeatTicks = ({ Properties }: Resource): void => {
  const { Arn } = z.object({ Arn: z.unknown() }).parse(Properties.Target);
  Properties.Target = {
    Arn,
    RoleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
    RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedRunQueue', 'Arn'] } },
  };
};

/** CloudWatch searches by words: what stands between the hyphens of a function's name. A name in quotes finds nothing. */
const searchByWords = ({ Properties }: Resource): void => {
  const { 'Fn::Sub': body } = z.object({ 'Fn::Sub': z.string() }).parse(Properties.DashboardBody);
  const searching = body.replaceAll(/SEARCH\('[^']*'/g, (search) => search.replaceAll('-', ' '));
  Properties.DashboardBody = { 'Fn::Sub': searching };
};

/** Removes the bus of a partner that is not configured, its rule, and what lets the rule send to the queues. */
const dropPartner = (partner: string, resources: Record<string, Resource>): void => {
  delete resources[`${partner}Bus`];
  delete resources[`${partner}Rule`];
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::SQS::QueuePolicy') continue;
    const document = queuePolicySchema.parse(Properties.PolicyDocument);
    const Statement = document.Statement.filter(({ Sid }) => Sid !== `${partner}RuleMaySend`);
    Properties.PolicyDocument = { ...document, Statement };
  }
};

/** The framework declares dependencies that a reference implies already, which linters warn of. */
const dropImpliedDependencies = (resource: Resource): void => {
  if (resource.DependsOn === undefined) return;
  const properties = JSON.stringify(resource.Properties);
  const needed = [resource.DependsOn]
    .flat()
    .filter(
      (id) => !properties.includes(`{"Ref":"${id}"}`) && !properties.includes(`{"Fn::GetAtt":["${id}",`),
    );
  if (needed.length > 0) resource.DependsOn = needed;
  else delete resource.DependsOn;
};

/** Finishes the template where the framework and its plugin for roles have no words for what is meant. */
export default class FinishTemplate {
  readonly hooks: Hooks;

  constructor(framework: Framework) {
    const { service } = framework;

    // The plugin refuses role names of more than 64 characters, which it makes of function, stage and region. These go anyway.
    const shortenRoleNames = () => {
      for (const key of service.getAllFunctions()) service.getFunction(key).iamRoleStatementsName = key;
    };

    // Else the bundle of a function that was renamed would go on being packaged with every other.
    const removeEarlierBuild = async () => {
      if (service.getAllFunctions().some((key) => service.getFunction(key).skipEsbuild)) return;
      const { outputWorkFolder } = esbuildSchema.parse(service.custom.esbuild);
      await rm(join(framework.serviceDir, outputWorkFolder), { recursive: true, force: true });
    };

    const finish = async () => {
      const { default: config } = await import('../../bridge.config.ts');
      const { Resources } = service.provider.compiledCloudFormationTemplate;
      const named = (logicalId: string): Resource => {
        const resource = Resources[logicalId];
        if (resource === undefined) throw new Error(`the template has no resource ${logicalId}`);
        return resource;
      };
      const all = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);

      // The framework's common role, which no function has.
      delete Resources.IamRoleLambdaExecution;
      // CloudFormation finds names that are free, and short enough, in every region.
      for (const role of all('AWS::IAM::Role')) delete role.Properties.RoleName;

      const { naming } = framework.getProvider('aws');
      for (const key of service.getAllFunctions()) {
        const role = roleSchema.parse(named(naming.getLambdaLogicalId(key)).Properties.Role);
        forLambdaAlone(named(role['Fn::GetAtt'][0]));
        writeToOwnLog(named(role['Fn::GetAtt'][0]), naming.getLogGroupLogicalId(key));
      }

      const parameters = parametersSchema.parse(service.custom.deployment);
      const { alarmEmail, archiveDays, logKeyArn } = parameters;
      if (alarmEmail === '') delete Resources.AlarmEmail;
      if (archiveDays === 0) delete Resources.Archive;
      if (parameters.commercetoolsEventSource === '') dropPartner('Commercetools', Resources);
      if (parameters.shopifyEventSource === '') dropPartner('Shopify', Resources);
      if (parameters.stripeEventSource === '') dropPartner('Stripe', Resources);
      if (logKeyArn !== '')
        for (const group of all('AWS::Logs::LogGroup')) group.Properties.KmsKeyId = logKeyArn;

      for (const schedule of all('AWS::Scheduler::Schedule')) doNotRepeatTicks(schedule);
      searchByWords(named('Dashboard'));
      for (const resource of Object.values(Resources)) dropImpliedDependencies(resource);

      named('WaitingTooLongAlarm').Properties.Threshold = (config.freshnessHours * 3_600_000) / 2;
    };

    this.hooks = {
      'before:package:initialize': removeEarlierBuild,
      'package:compileEvents': shortenRoleNames,
      'after:aws:package:finalize:mergeCustomProviderResources': finish,
    };
  }
}
