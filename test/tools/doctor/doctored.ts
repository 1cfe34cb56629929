import { onTestFinished, vi } from 'vitest';
import { credentials } from '../../../tools/aws/account.ts';
import { type Account, connectAccount } from '../../../tools/doctor/account.ts';
import { type Finding, lineOf } from '../../../tools/doctor/finding.ts';

/** Where nothing listens; fetch takes port 1 for no address at all. */
export const nowhere = 'http://127.0.0.1:2';

/** An account of AWS whose services answer at these addresses, with credentials that the SDK finds by itself. */
export const accountAt = (
  endpoints: Partial<Record<'bus' | 'dynamoDb' | 'queues', string>>,
  given: { stage?: string; isLocal?: boolean } = {},
): Account => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  const account = connectAccount({
    stage: 'test',
    region: 'eu-west-1',
    isLocal: false,
    ...given,
    endpoints: { bus: nowhere, dynamoDb: nowhere, queues: nowhere, ...endpoints },
  });
  onTestFinished(() => {
    for (const client of [account.ssm, account.eventBridge, account.dynamoDb, account.sqs]) client.destroy();
    vi.unstubAllEnvs();
  });
  return account;
};

/** Findings as `failure: what`. */
export const said = (findings: readonly Finding[]): string[] =>
  findings.map(({ grade, what }) => `${grade}: ${what}`);

/** All that an operator would read. */
export const printed = (findings: readonly Finding[]): string => findings.map(lineOf).join('\n');
