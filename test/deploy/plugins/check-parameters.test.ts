import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const plugin = pathToFileURL(join(process.cwd(), 'deploy/plugins/check-parameters.mjs'));
const { default: CheckParameters } = await import(plugin.href);

class FrameworkError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const fitting = {
  alarmEmail: '',
  archiveDays: 14,
  logKeyArn: '',
  logRetentionDays: 30,
  tableOnRemoval: 'Retain',
  tableProtected: true,
};

const check = (deployment: object, stage = 'prod', region = 'eu-west-1') => {
  const properties: Record<string, object> = {};
  const { hooks } = new CheckParameters({
    classes: { Error: FrameworkError },
    configSchemaHandler: {
      schema: { properties },
      defineTopLevelProperty: (name: string, schema: object) => {
        properties[name] = schema;
      },
    },
    getProvider: () => ({ getStage: () => stage, getRegion: () => region }),
    service: { custom: { deployment: { ...fitting, ...deployment } } },
  });
  hooks['before:package:initialize']();
};

test.each([
  ['what production has', {}],
  ['values from the command line, which are texts', { archiveDays: '0', tableProtected: 'false' }],
  ['an e-mail address', { alarmEmail: 'ops@shop.example' }],
  ['a key', { logKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab' }],
])('%s can be deployed', (_, deployment) => {
  expect(() => check(deployment)).not.toThrow();
});

test.each([
  [{ alarmEmail: 'ops' }, 'alarmEmail has to be an e-mail address, or empty'],
  [{ archiveDays: 'two' }, 'archiveDays has to be a number of days'],
  [{ archiveDays: 1.5 }, 'archiveDays has to be a whole number of days'],
  [{ archiveDays: -1 }, 'archiveDays is below 0'],
  [{ logKeyArn: 'alias/logs' }, 'logKeyArn has to be the ARN of a KMS key, or empty'],
  [{ tableOnRemoval: 'Keep' }, 'tableOnRemoval has to be Retain or Delete'],
  [{ tableProtected: 'yes' }, 'tableProtected has to be true or false'],
])('%o is refused by name', (deployment, fault) => {
  expect(() => check(deployment)).toThrow(`This cannot be deployed:\n  ${fault}`);
});

test('a retention that CloudWatch does not offer is refused', () => {
  expect(() => check({ logRetentionDays: 31 })).toThrow(/logRetentionDays has to be one of 1, 3, 5, /);
});

test('a stage whose functions would have names of more than 64 characters is refused', () => {
  expect(() => check({}, 'a'.repeat(20))).not.toThrow();
  expect(() => check({}, 'a'.repeat(21))).toThrow(/stage has to be .* of 20 characters at most/);
});

test('a region that is none is refused', () => {
  expect(() => check({}, 'prod', 'europe')).toThrow(/region has to be a region of AWS/);
  expect(() => check({}, 'prod', 'us-gov-west-1')).not.toThrow();
});
