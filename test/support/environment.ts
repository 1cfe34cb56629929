import { vi } from 'vitest';
import { credentials, region } from '../../tools/aws/account.ts';
import type { Stack } from '../../tools/aws/stack.ts';

/**
 * Gives the functions the environment that Lambda would, as the packaged template declares it, with the stack's own
 * endpoints in place of AWS's.
 */
export const stubEnvironment = (stack: Stack, name: string, brevoBaseUrl: string): void => {
  const declared = stack.functions.find((each) => each.name.endsWith(name))?.environment ?? {};
  const environment = {
    ...declared,
    BREVO_BASE_URL: brevoBaseUrl,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: stack.urls.dynamoDb,
    AWS_ENDPOINT_URL_SQS: stack.urls.queues,
    AWS_ENDPOINT_URL_EVENTBRIDGE: stack.urls.bus,
    AWS_ENDPOINT_URL_SSM: stack.urls.bus,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
};
