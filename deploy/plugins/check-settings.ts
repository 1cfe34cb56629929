import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import type { Framework, Hooks } from './framework.ts';

/** Of CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const matching = (pattern: RegExp, error: string) => z.string().check(z.regex(pattern, { error }));

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EventSource.html */
const partnerSource = (partner: string) =>
  matching(
    new RegExp(`^(aws\\.partner/${partner.replace('.', '\\.')}(/[\\w.-]+)+)?$`),
    `has to be the name of a partner event source, aws.partner/${partner}/…, or empty`,
  );

const isSecure = (address: string): boolean =>
  URL.canParse(address) && new URL(address).protocol === 'https:';

/** Values from the command line are texts, those from serverless.yml may be numbers and booleans. */
const settingsSchema = z
  .object({
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
    commercetoolsEventSource: partnerSource('commercetools.com'),
    shopifyEventSource: partnerSource('shopify.com'),
    stripeEventSource: partnerSource('stripe.com'),
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
    tableProtected: z.literal([true, false, 'true', 'false'], { error: 'has to be true or false' }),
    brevoBaseUrl: z.string(),
  })
  .check(
    z.refine(
      ({ tableOnRemoval, tableProtected }) =>
        tableOnRemoval === 'Retain' || !/true/.test(`${tableProtected}`),
      {
        path: ['tableOnRemoval'],
        error: 'cannot be Delete while tableProtected is true: DynamoDB would refuse to delete the table',
      },
    ),
    // Brevo's key goes there.
    z.refine(({ brevoBaseUrl, stage }) => stage === 'local' || isSecure(brevoBaseUrl), {
      path: ['brevoBaseUrl'],
      error: 'has to be an address that begins with https://',
    }),
  );

const parameters = z.record(z.string(), z.unknown());

/** What of the stage, the region and the parameters cannot be deployed, such as `archiveDays is below 0`. */
export const faultsIn = (settings: object): string[] => {
  const { error } = settingsSchema.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
};

/** Parameters that nothing reads: `archiveDayz`. */
export const unknownIn = (given: readonly string[], known: readonly string[]): string[] =>
  [...new Set(given)]
    .filter((name) => !known.includes(name))
    .map((name) => `${name} is no parameter: there are ${known.join(', ')}`);

/** Refuses what would fail much later: in CloudFormation, or when a Lambda loads its configuration. */
export default class CheckSettings {
  readonly hooks: Hooks;

  constructor(framework: Framework) {
    const { classes, configSchemaHandler, service, serviceDir } = framework;
    // Version 4 has this property, osls has not.
    if (!('build' in configSchemaHandler.schema.properties))
      configSchemaHandler.defineTopLevelProperty('build', {
        type: 'object',
        properties: { esbuild: { const: false } },
        additionalProperties: false,
      });

    const checkParameters = () => {
      const provider = framework.getProvider('aws');
      const stage = provider.getStage();
      const region = provider.getRegion();
      const deployment = parameters.parse(service.custom.deployment);
      const { params = {} } = framework.configurationInput;
      const { param = [] } = framework.processedInput.options;
      const given = [
        ...Object.keys({ ...params.default, ...params[stage] }),
        ...param.map((each) => each.split('=')[0] ?? ''),
      ];
      const faults = [
        ...unknownIn(given, Object.keys(deployment)),
        ...faultsIn({ ...deployment, stage, region }),
      ];
      if (faults.length === 0) return;
      const message = `This cannot be deployed:\n  ${faults.join('\n  ')}`;
      throw new classes.Error(message, 'INVALID_DEPLOYMENT_PARAMETER');
    };

    const checkConfig = async () => {
      try {
        await import(pathToFileURL(join(serviceDir, 'bridge.config.ts')).href);
      } catch (error) {
        const isFaulty = error instanceof Error && error.name === 'ConfigError';
        const message = isFaulty ? error.message : `bridge.config.ts cannot be loaded: ${error}`;
        throw new classes.Error(message, 'INVALID_BRIDGE_CONFIG', { cause: error });
      }
    };

    const check = async () => {
      checkParameters();
      await checkConfig();
    };
    this.hooks = {
      'before:package:initialize': check,
      'before:deploy:function:initialize': check,
      'before:offline:start': check,
      'before:offline:start:init': check,
    };
  }
}
