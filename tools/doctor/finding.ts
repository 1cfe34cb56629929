import type { Account } from './account.ts';

/** What a check of the doctor's found: one line, and what to do about it. */
export interface Finding {
  grade: 'ok' | 'note' | 'warning' | 'failure';
  what: string;
  advice?: string;
}

const marks: Record<Finding['grade'], string> = {
  ok: '✓ ok     ',
  note: '· note   ',
  warning: '! warning',
  failure: '✗ failure',
};

export const lineOf = ({ grade, what, advice }: Finding): string =>
  `${marks[grade]}  ${what}${advice === undefined ? '' : ` → ${advice}`}`;

/** Such as `1 message`, `2 messages`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The last line: how many failures and warnings there are. */
export const summaryOf = (findings: readonly Finding[]): string => {
  const count = (wanted: Finding['grade']) => findings.filter(({ grade }) => grade === wanted).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  if (failures > 0) return `Not ready: ${counted(failures, 'failure')}, ${counted(warnings, 'warning')}.`;
  return warnings > 0 ? `Ready, with ${counted(warnings, 'warning')}.` : 'Ready.';
};

const unknownCredentials = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const noCredentials = new Set(['CredentialsProviderError', 'TokenProviderError']);

/** Node's codes: the SDK has no name of its own for a network that leads nowhere. */
const isUnconnected = (error: Error): boolean =>
  'code' in error && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(error.code));

/**
 * What a failed call to AWS means.
 * @param action what the credentials must allow, such as `ssm:GetParameter`
 * @throws what is no error of the SDK's
 */
export const awsFailure = (
  error: unknown,
  action: string,
  { isLocal, region }: Pick<Account, 'isLocal' | 'region'>,
): Finding => {
  if (!(error instanceof Error)) throw error;
  const failure = (what: string, advice: string): Finding => ({ grade: 'failure', what, advice });
  if (isUnconnected(error) || error.name === 'TimeoutError')
    return isLocal
      ? failure('the local run does not answer', 'start it with npm start, with the same LOCAL_PORT')
      : failure(`AWS does not answer in ${region}`, 'check the network, and that there is such a region');
  if (noCredentials.has(error.name))
    return failure(
      'there are no AWS credentials',
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login',
    );
  if (unknownCredentials.has(error.name))
    return failure(`AWS refuses these credentials (${error.name})`, 'renew them, or use others');
  if (/^AccessDenied/.test(error.name))
    return failure('these credentials lack a permission', `allow ${action}, or use other credentials`);
  return failure(`${action} failed: ${error.name}`, 'try again; the AWS CLI says more');
};

/** Whether every other call to AWS would fail with these credentials, too. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof Error &&
  (isUnconnected(error) || noCredentials.has(error.name) || unknownCredentials.has(error.name));
