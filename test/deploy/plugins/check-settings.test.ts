import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import CheckSettings, { faultsIn } from '../../../deploy/plugins/check-settings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

class FrameworkError extends Error {
  readonly code: string;
  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const fitting = {
  stage: 'prod',
  region: 'eu-west-1',
  alarmEmail: '',
  archiveDays: 14,
  brevoBaseUrl: 'https://api.brevo.com/v3',
  commercetoolsEventSource: '',
  shopifyEventSource: '',
  stripeEventSource: '',
  logKeyArn: '',
  logRetentionDays: 30,
  tableOnRemoval: 'Retain',
  tableProtected: true,
};

test.each([
  ['what production has', {}],
  ['values from the command line, which are texts', { archiveDays: '0', tableProtected: 'false' }],
  ['an e-mail address', { alarmEmail: 'ops@shop.example' }],
  ['a key', { logKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab' }],
  ['a region of the US government', { region: 'us-gov-west-1' }],
  ['a table that is deleted with the stack', { tableOnRemoval: 'Delete', tableProtected: false }],
  ['a source of Shopify', { shopifyEventSource: 'aws.partner/shopify.com/4242/bridge' }],
  ['a source of Stripe', { stripeEventSource: 'aws.partner/stripe.com/ed_test_61Rb-x' }],
  ['a source of commercetools', { commercetoolsEventSource: 'aws.partner/commercetools.com/shop/bridge' }],
  ['a proxy of Brevo', { brevoBaseUrl: 'https://brevo.shop.example/v3' }],
  ['the simulated Brevo, in the local run', { stage: 'local', brevoBaseUrl: 'http://127.0.0.1:4003/v3' }],
  ['a stage of twenty letters', { stage: 'a'.repeat(20) }],
])('%s can be deployed', (_, settings) => {
  expect(faultsIn({ ...fitting, ...settings })).toEqual([]);
});

test.each([
  [{ alarmEmail: 'ops' }, 'alarmEmail has to be an e-mail address, or empty'],
  [{ archiveDays: 'two' }, 'archiveDays has to be a number of days'],
  [{ archiveDays: 1.5 }, 'archiveDays has to be a whole number of days'],
  [{ archiveDays: -1 }, 'archiveDays is below 0'],
  [
    { shopifyEventSource: 'aws.partner/stripe.com/ed_1' },
    'shopifyEventSource has to be the name of a partner event source, aws.partner/shopify.com/…, or empty',
  ],
  [
    { stripeEventSource: 'arn:aws:events:eu-west-1::event-source/aws.partner/stripe.com/ed_1' },
    'stripeEventSource has to be the name of a partner event source, aws.partner/stripe.com/…, or empty',
  ],
  [
    { commercetoolsEventSource: 'aws.partner/commercetools.com/' },
    'commercetoolsEventSource has to be the name of a partner event source, aws.partner/commercetools.com/…, or empty',
  ],
  [{ logKeyArn: 'alias/logs' }, 'logKeyArn has to be the ARN of a KMS key, or empty'],
  [{ logRetentionDays: 31 }, expect.stringMatching(/^logRetentionDays has to be one of 1, 3, 5, /)],
  [{ tableOnRemoval: 'Keep' }, 'tableOnRemoval has to be Retain or Delete'],
  [{ tableProtected: 'yes' }, 'tableProtected has to be true or false'],
  [
    { tableOnRemoval: 'Delete', tableProtected: 'true' },
    'tableOnRemoval cannot be Delete while tableProtected is true: DynamoDB would refuse to delete the table',
  ],
  [
    { brevoBaseUrl: 'http://api.brevo.com/v3' },
    'brevoBaseUrl has to be an address that begins with https://',
  ],
  [{ brevoBaseUrl: 'brevo' }, 'brevoBaseUrl has to be an address that begins with https://'],
  [{ region: 'europe' }, 'region has to be a region of AWS, such as eu-west-1'],
  // The names of its functions would have more than 64 characters.
  [{ stage: 'a'.repeat(21) }, expect.stringMatching(/^stage has to be .* of 20 characters at most$/)],
])('%o cannot be deployed, and is named', (settings, fault) => {
  expect(faultsIn({ ...fitting, ...settings })).toEqual([fault]);
});

/** The plugin's hooks in a project with this bridge.config.ts and these parameters. */
const hooksWith = async (config: string, parameters: object = {}, param: string[] = []) => {
  const serviceDir = await temporaryFolder();
  await symlink(join(process.cwd(), 'lib'), join(serviceDir, 'lib'));
  await writeFile(join(serviceDir, 'package.json'), '{ "type": "module" }');
  await writeFile(join(serviceDir, 'bridge.config.ts'), config);
  const { stage, region, ...deployment } = fitting;
  const named = (key: string) => key;
  const { hooks } = new CheckSettings({
    classes: { Error: FrameworkError },
    configurationInput: { params: { default: { archiveDays: '0' }, other: { anything: 1 } } },
    processedInput: { options: { param } },
    configSchemaHandler: { schema: { properties: { build: {} } }, defineTopLevelProperty: () => {} },
    getProvider: () => ({
      getStage: () => stage,
      getRegion: () => region,
      naming: { getLambdaLogicalId: named, getLogGroupLogicalId: named },
    }),
    service: {
      custom: { deployment: { ...deployment, ...parameters } },
      provider: { compiledCloudFormationTemplate: { Resources: {} } },
      getAllFunctions: () => [],
      getFunction: () => ({}),
    },
    serviceDir,
  });
  return hooks;
};

const config = (fields: string) => `import { defineConfig } from './lib/config/config.ts';
import { fr } from './lib/texts/fr.ts';
export default defineConfig(${fields});`;

const sound = config(`{ defaultLocale: 'fr', texts: { fr } }`);

test('the settings are checked before anything is packaged, deployed or run locally', async () => {
  const hooks = await hooksWith(sound);
  expect(Object.keys(hooks)).toEqual([
    'before:package:initialize',
    'before:deploy:function:initialize',
    'before:offline:start',
    'before:offline:start:init',
  ]);
  for (const check of Object.values(hooks)) await check();
});

test.each([
  [
    'a parameter that is at fault',
    sound,
    { archiveDays: -1 },
    { code: 'INVALID_DEPLOYMENT_PARAMETER', message: 'This cannot be deployed:\n  archiveDays is below 0' },
  ],
  [
    'a configuration that is at fault',
    config(`{ defaultLocale: 'fr', texts: { fr }, freshnessHours: -1 }`),
    {},
    {
      code: 'INVALID_BRIDGE_CONFIG',
      message: 'bridge.config.ts is not valid:\n  freshnessHours: Too small: expected number to be >0',
    },
  ],
  [
    'a configuration that is no TypeScript',
    'export default = 1',
    {},
    {
      code: 'INVALID_BRIDGE_CONFIG',
      message: expect.stringMatching(/^bridge\.config\.ts cannot be loaded: /),
    },
  ],
])('%s stops the framework with an error of its own', async (_, configuration, parameters, refusal) => {
  const hooks = await hooksWith(configuration, parameters);
  for (const check of Object.values(hooks)) {
    const error = await Promise.resolve(check()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FrameworkError);
    expect(error).toMatchObject(refusal);
  }
});

test('a parameter that nothing reads is refused by its name', async () => {
  const hooks = await hooksWith(sound, {}, ['archiveDays=3', 'archiveDayz=3']);
  for (const check of Object.values(hooks))
    await expect(Promise.resolve(check())).rejects.toThrow(
      'archiveDayz is no parameter: there are alarmEmail, archiveDays, ',
    );
});
