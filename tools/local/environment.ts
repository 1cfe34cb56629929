/** What the functions find in the local run: their environment, in place of Lambda's, and their secrets. */

import type { Config } from '../../lib/config/config.ts';
import { sources } from '../../lib/sources/sources.ts';
import { credentials, region } from '../aws/account.ts';
import type { Stack } from '../aws/stack.ts';
import { secretOf } from '../samples/webhooks.ts';

/** Opens the HTTP API of the local run. */
export const apiToken = 'local-token';

/** The value of the secrets' parameter in the local run: none of these opens anything outside of it. */
export const localSecrets = (brevoApiKey: string, own: Config['sources'] = {}): string => {
  const all = { ...sources, ...own };
  return JSON.stringify({
    brevoApiKey,
    visitorIdSecret: 'local-visitor-secret',
    apiTokens: [apiToken],
    webhooks: Object.fromEntries(Object.keys(all).map((name) => [name, [secretOf(name, all)]])),
  });
};

const account = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/**
 * The caller's environment without a trace of a real AWS account: neither credentials nor profiles reach a function.
 * @param brevoBaseUrl what serverless.yml reads as BREVO_BASE_URL
 */
export const withoutAws = (
  environment: Record<string, string | undefined>,
  brevoBaseUrl: string,
): Record<string, string | undefined> => {
  const kept = Object.entries(environment).filter(
    ([name]) => !name.startsWith('AWS_') && name !== 'BREVO_API_KEY',
  );
  return { ...Object.fromEntries(kept), ...account, BREVO_BASE_URL: brevoBaseUrl };
};

/**
 * What the plugin gives to the functions: the environment of each by its name, and what all share. The AWS SDK reads its
 * endpoints from there:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const functionsEnvironment = ({ urls, functions }: Pick<Stack, 'urls' | 'functions'>) => ({
  shared: {
    ...account,
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamoDb,
    AWS_ENDPOINT_URL_EVENTBRIDGE: urls.bus,
    AWS_ENDPOINT_URL_SQS: urls.queues,
    AWS_ENDPOINT_URL_SSM: urls.bus,
  },
  functions: Object.fromEntries(functions.map(({ name, environment }) => [name, environment])),
});
