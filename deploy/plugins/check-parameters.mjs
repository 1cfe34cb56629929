import * as z from 'zod/mini';

/** Of CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const matching = (pattern, error) => z.string().check(z.regex(pattern, { error }));

const schema = z.object({
  // The longest name of a function, conversations-bridge-<stage>-update-pushed-message, has 64 characters at most.
  stage: matching(
    /^[a-z][a-z0-9-]{0,19}$/,
    'has to be a word of small letters, digits and hyphens, of 20 characters at most',
  ),
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'has to be a region of AWS, such as eu-west-1'),
  alarmEmail: matching(/^([^\s@]+@[^\s@]+\.[^\s@]+)?$/, 'has to be an e-mail address, or empty'),
  archiveDays: z.coerce
    .number({ error: 'has to be a number of days' })
    .check(z.int({ error: 'has to be a whole number of days' }), z.nonnegative({ error: 'is below 0' })),
  logKeyArn: matching(
    /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+)?$/,
    'has to be the ARN of a KMS key, or empty',
  ),
  logRetentionDays: z.coerce
    .number()
    .check(
      z.refine((days) => retentions.includes(days), { error: `has to be one of ${retentions.join(', ')}` }),
    ),
  tableOnRemoval: z.enum(['Retain', 'Delete'], { error: 'has to be Retain or Delete' }),
  tableProtected: z.enum(['true', 'false'], { error: 'has to be true or false' }),
});

/** Refuses a stage, region or parameter that CloudFormation would refuse much later, or take and fail by. */
export default class CheckParameters {
  constructor(serverless) {
    // A word of version 4 that osls does not know.
    const { configSchemaHandler } = serverless;
    if (!('build' in configSchemaHandler.schema.properties))
      configSchemaHandler.defineTopLevelProperty('build', {
        type: 'object',
        properties: { esbuild: { const: false } },
        additionalProperties: false,
      });

    const check = () => {
      const provider = serverless.getProvider('aws');
      const { deployment } = serverless.service.custom;
      const given = { ...deployment, tableProtected: String(deployment.tableProtected) };
      const { success, error } = schema.safeParse({
        ...given,
        stage: provider.getStage(),
        region: provider.getRegion(),
      });
      if (success) return;
      const faults = error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
      throw new serverless.classes.Error(
        `This cannot be deployed:\n${faults.join('\n')}`,
        'INVALID_DEPLOYMENT_PARAMETER',
      );
    };
    this.hooks = { 'before:package:initialize': check, 'before:deploy:function:initialize': check };
  }
}
