/** Finishes the template where the framework, or its plugin for roles, has no words for what is meant. */
export default class FinishTemplate {
  constructor(serverless) {
    const { service } = serverless;

    // It refuses role names of more than 64 characters, which it makes of function, stage and region. They go anyway.
    const shortenRoleNames = () => {
      for (const key of service.getAllFunctions()) service.getFunction(key).iamRoleStatementsName = key;
    };

    const finish = async () => {
      const { default: config } = await import('../../bridge.config.ts');
      const { Resources } = service.provider.compiledCloudFormationTemplate;
      const all = (type) => Object.values(Resources).filter(({ Type }) => Type === type);

      // The framework's common role, which no function has.
      delete Resources.IamRoleLambdaExecution;
      // CloudFormation finds names that are free, and short enough, in every region.
      for (const role of all('AWS::IAM::Role')) delete role.Properties.RoleName;

      const { naming } = serverless.getProvider('aws');
      for (const key of service.getAllFunctions()) {
        const { Role } = Resources[naming.getLambdaLogicalId(key)].Properties;
        writeToOwnLog(Resources[Role['Fn::GetAtt'][0]], naming.getLogGroupLogicalId(key));
      }

      const { alarmEmail, archiveDays, logKeyArn } = service.custom.deployment;
      if (!alarmEmail) delete Resources.AlarmEmail;
      if (Number(archiveDays) === 0) delete Resources.Archive;
      if (logKeyArn) for (const group of all('AWS::Logs::LogGroup')) group.Properties.KmsKeyId = logKeyArn;

      for (const rule of all('AWS::Events::Rule')) doNotRepeatTicks(rule);

      for (const resource of Object.values(Resources)) dropImpliedDependencies(resource);

      Resources.WaitingTooLongAlarm.Properties.Threshold = (config.freshnessHours * 3_600_000) / 2;
    };

    this.hooks = {
      'package:compileEvents': shortenRoleNames,
      'after:aws:package:finalize:mergeCustomProviderResources': finish,
    };
  }
}

/** The plugin for roles allows more: to make the group, which CloudFormation does, and groups whose names begin alike. */
function writeToOwnLog(role, logGroup) {
  const [{ PolicyDocument }] = role.Properties.Policies;
  const statement = PolicyDocument.Statement.find(({ Action }) => Action.includes('logs:PutLogEvents'));
  statement.Action = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  statement.Resource = { 'Fn::GetAtt': [logGroup, 'Arn'] };
}

/** A tick that could not be delivered is made up for by the next one; EventBridge would try it again for a day. */
function doNotRepeatTicks({ Properties }) {
  if (Properties.ScheduleExpression === undefined) return;
  for (const target of Properties.Targets) {
    target.RetryPolicy = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 };
    target.DeadLetterConfig = { Arn: { 'Fn::GetAtt': ['FailedRunQueue', 'Arn'] } };
  }
}

/** The framework declares dependencies that a reference implies already, which linters warn of. */
function dropImpliedDependencies(resource) {
  if (resource.DependsOn === undefined) return;
  const properties = JSON.stringify(resource.Properties);
  const needed = [resource.DependsOn]
    .flat()
    .filter(
      (id) => !properties.includes(`{"Ref":"${id}"}`) && !properties.includes(`{"Fn::GetAtt":["${id}",`),
    );
  if (needed.length > 0) resource.DependsOn = needed;
  else delete resource.DependsOn;
}
