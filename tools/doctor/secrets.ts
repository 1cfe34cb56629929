/** Whether the secrets' parameter is there, and its secrets are sound. No finding shows a secret. */
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { InvalidInput, parseJson } from '../../lib/runtime/parse.ts';
import { type Secrets, secretsSchema } from '../../lib/runtime/secrets.ts';
import { base64Bytes } from '../../lib/sources/signature.ts';
import type { Sources } from '../../lib/sources/sources.ts';
import type { Account } from './account.ts';
import { awsFailure, counted, type Finding, isHopeless } from './finding.ts';

/** @returns the secrets, unless they cannot be read; `isReachable`: whether other calls to the account can succeed */
export const checkParameter = async (
  account: Account,
): Promise<{ findings: Finding[]; secrets?: Secrets; isReachable: boolean }> => {
  const { ssm, parameterName: Name, region } = account;
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    const encrypted: Finding = { grade: 'ok', what: `the parameter ${Name} exists` };
    const plain: Finding = {
      grade: 'failure',
      what: `the parameter ${Name} is a ${Parameter?.Type}: it is stored unencrypted`,
      advice: 'delete it, and put it again with --type SecureString',
    };
    const read = readSecrets(Parameter?.Value ?? '');
    const findings = [Parameter?.Type === 'SecureString' ? encrypted : plain, ...read.findings];
    return { ...read, findings, isReachable: true };
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

/** A finding for each field at fault. */
const readSecrets = (value: string): { findings: Finding[]; secrets?: Secrets } => {
  try {
    const secrets = parseJson(secretsSchema, value, 'The parameter');
    return { findings: unknownFields(value), secrets };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const advice = 'docs/operations.md, Secrets, shows the shape';
    return {
      findings: error.faults.map(({ path, message }) => ({
        grade: 'failure',
        what: `the secrets: ${[path.join('.'), message].join(' ').trim()}`,
        advice,
      })),
    };
  }
};

/** The bridge ignores what it does not know, such as a misspelt `apitokens`. */
const unknownFields = (value: string): Finding[] => {
  const known = Object.keys(secretsSchema.shape);
  return Object.keys(JSON.parse(value))
    .filter((name) => !known.includes(name))
    .map((name) => ({
      grade: 'warning',
      what: `the secrets: ${name} is not a field that the bridge knows`,
      advice: `use one of ${known.join(', ')}, or remove it`,
    }));
};

const strongLength = 32;

/** What stands in an example where the secret belongs. */
export const isPlaceholder = (secret: string): boolean =>
  /…|\.\.\.|^<.*>$|^x+$|^(change-?me|todo|secret|token|password)$/i.test(secret);

/** Every secret by its path. */
const named = (secrets: Secrets): { path: string; secret: string }[] => {
  const { brevoApiKey, brevoPartnerKey, visitorIdSecret, apiTokens, webhooks } = secrets;
  const each = (path: string, some: readonly string[]) =>
    some.map((secret, index) => ({ path: `${path}.${index}`, secret }));
  return [
    { path: 'brevoApiKey', secret: brevoApiKey },
    ...(brevoPartnerKey === undefined ? [] : [{ path: 'brevoPartnerKey', secret: brevoPartnerKey }]),
    { path: 'visitorIdSecret', secret: visitorIdSecret },
    ...each('apiTokens', apiTokens),
    ...Object.entries(webhooks).flatMap(([source, some]) => each(`webhooks.${source}`, some)),
  ];
};

const placeholdersIn = (secrets: Secrets): Finding[] =>
  named(secrets)
    .filter(({ secret }) => isPlaceholder(secret))
    .map(({ path }) => ({
      grade: 'failure',
      what: `the secrets: ${path} holds a placeholder`,
      advice: 'replace it with the real value',
    }));

const weakIn = (secrets: Secrets): Finding[] =>
  named(secrets)
    .filter(({ path }) => /^(visitorIdSecret|apiTokens)/.test(path))
    .filter(({ secret }) => secret.length < strongLength && !isPlaceholder(secret))
    .map(({ path }) => ({
      grade: 'warning',
      what: `the secrets: ${path} is shorter than ${strongLength} characters and might be guessed`,
      advice: 'make one with: openssl rand -hex 32',
    }));

const checkTokens = ({ apiTokens }: Secrets): Finding =>
  apiTokens.length > 0
    ? { grade: 'ok', what: `the HTTP API accepts ${counted(apiTokens.length, 'token')}` }
    : {
        grade: 'warning',
        what: 'there are no apiTokens: the HTTP API refuses every request',
        advice: 'add one, unless nobody uses the API',
      };

const checkWebhooks = ({ webhooks }: Secrets, sources: Sources): Finding[] => {
  const names = Object.keys(sources);
  const open = names.filter((name) => (webhooks[name] ?? []).length > 0);
  const closed = names.filter((name) => !open.includes(name));
  const unknown = Object.keys(webhooks).filter((name) => !names.includes(name));
  const accepted: Finding = { grade: 'ok', what: `webhooks of ${open.join(', ')} are accepted` };
  const refused: Finding = {
    grade: 'note',
    what: `webhooks of ${closed.join(', ')} are refused: there is no secret`,
  };
  const unsigned = open.filter((name) => sources[name]?.isUnsigned);
  return [
    ...(open.length > 0 ? [accepted] : []),
    ...unsigned.map(
      (name): Finding => ({
        grade: 'warning',
        what: `webhooks of ${name} are not signed: whoever sees one can send any other`,
        advice: 'if its sender can sign, use hmacSource or publicKeySource',
      }),
    ),
    ...(closed.length > 0 ? [refused] : []),
    ...unknown.map(
      (name): Finding => ({
        grade: 'warning',
        what: `the secrets: webhooks.${name} is the secret of no source`,
        advice: `use one of ${names.join(', ')}, or add ${name} to sources in bridge.config.ts`,
      }),
    ),
  ];
};

const isStandard = (secret: string): boolean => {
  const [, base64 = ''] = /^(?:whsec|whpk)_(.+)$/.exec(secret) ?? [];
  return base64 !== '' && base64Bytes(base64) !== undefined;
};

const checkForms = ({ webhooks }: Secrets, sources: Sources): Finding[] =>
  Object.entries(webhooks).flatMap(([name, secrets]) =>
    secrets
      .filter((secret) => !isPlaceholder(secret))
      .flatMap((secret): Finding[] => {
        if (sources[name]?.secretForm === 'whsec' && !isStandard(secret))
          return [
            {
              grade: 'failure',
              what: `the secrets: one of webhooks.${name} is neither whsec_ nor whpk_ with base64, and opens nothing`,
              advice: 'copy it whole from the sender',
            },
          ];
        if (name === 'stripe' && !secret.startsWith('whsec_'))
          return [
            {
              grade: 'warning',
              what: 'the secrets: one of webhooks.stripe does not begin with whsec_',
              advice: 'use the signing secret of the endpoint, not an API key',
            },
          ];
        return [];
      }),
  );

export const checkSecretValues = (secrets: Secrets, sources: Sources): Finding[] => [
  ...placeholdersIn(secrets),
  ...weakIn(secrets),
  checkTokens(secrets),
  ...checkWebhooks(secrets, sources),
  ...checkForms(secrets, sources),
];
