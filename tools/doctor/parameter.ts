/** Whether the secrets' parameter is there, and readable for the bridge. */
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { InvalidInput, parseJson } from '../../lib/runtime/parse.ts';
import { type Secrets, secretsSchema } from '../../lib/runtime/secrets.ts';
import type { Account } from './account.ts';
import { awsFailure, isHopeless } from './aws-failure.ts';
import type { Finding } from './finding.ts';

/**
 * @returns the secrets, unless they cannot be had; `isReachable`: whether anything else can be asked of the account
 */
export const checkParameter = async (
  account: Account,
): Promise<{ findings: Finding[]; secrets?: Secrets; isReachable: boolean }> => {
  const { ssm, parameterName: Name, region } = account;
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    const there: Finding = { grade: 'ok', what: `the parameter ${Name} is there` };
    const plain: Finding = {
      grade: 'failure',
      what: `the parameter ${Name} is a ${Parameter?.Type}: it lies there unencrypted`,
      advice: 'delete it, and put it again with --type SecureString',
    };
    const encrypted = Parameter?.Type === 'SecureString' ? there : plain;
    const read = readSecrets(Parameter?.Value ?? '');
    return { ...read, findings: [encrypted, ...read.findings], isReachable: true };
  } catch (error) {
    const isMissing = error instanceof Error && error.name === 'ParameterNotFound';
    const missing: Finding = {
      grade: 'failure',
      what: `there is no parameter ${Name} in ${region}`,
      advice: `aws ssm put-parameter --region ${region} --type SecureString --name ${Name} --value '{"brevoApiKey": …}'`,
    };
    const finding = isMissing ? missing : awsFailure(error, 'ssm:GetParameter and kms:Decrypt', account);
    return { findings: [finding], isReachable: !isHopeless(error) };
  }
};

/** A finding for each field at fault; none of them says what is in it. */
const readSecrets = (value: string): { findings: Finding[]; secrets?: Secrets } => {
  try {
    const secrets = parseJson(secretsSchema, value, 'The parameter');
    return { findings: misspeltIn(value), secrets };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const advice = 'see README.md, Webhooks, for the shape';
    return {
      findings: error.faults.map(({ path, message }) => ({
        grade: 'failure',
        what: `the secrets: ${path.length > 0 ? `${path.join('.')} ` : ''}${message}`,
        advice,
      })),
    };
  }
};

/** The bridge passes over what it does not know, a misspelt `apitokens` as well. */
const misspeltIn = (value: string): Finding[] => {
  const known = Object.keys(secretsSchema.shape);
  return Object.keys(JSON.parse(value))
    .filter((name) => !known.includes(name))
    .map((name) => ({
      grade: 'warning',
      what: `the secrets: ${name} is none that the bridge knows`,
      advice: `write one of ${known.join(', ')}, or leave it out`,
    }));
};
