/** What a call to AWS that failed says to whoever asked. */
import type { Account } from './account.ts';
import type { Finding } from './finding.ts';

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
    return failure(`AWS does not take these credentials (${error.name})`, 'renew them, or choose others');
  if (/^AccessDenied/.test(error.name))
    return failure('these credentials may not ask for this', `allow ${action}, or take others that may`);
  return failure(`${action} failed: ${error.name}`, 'try again; the AWS CLI says more');
};

/** Whether nothing else need be asked of AWS with these credentials. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof Error &&
  (isUnconnected(error) || noCredentials.has(error.name) || unknownCredentials.has(error.name));
