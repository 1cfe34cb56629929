/** Whether the secrets are worth their name. Nothing that is said here shows one of them. */
import { type Secrets, webhookSources } from '../../lib/runtime/secrets.ts';
import { base64Bytes } from '../../lib/sources/signature.ts';
import type { Finding } from './finding.ts';

const strongLength = 32;

/** What stands in an example where the secret belongs. */
export const isPlaceholder = (secret: string): boolean =>
  /…|\.\.\.|^<.*>$|^x+$|^(change-?me|todo|secret|token|password)$/i.test(secret);

/** Every secret by its path. */
const named = (secrets: Secrets): { path: string; secret: string }[] => {
  const { brevoApiKey, brevoPartnerKey, visitorIdSecret, apiTokens, webhooks } = secrets;
  const each = (path: string, some: readonly string[] = []) =>
    some.map((secret, index) => ({ path: `${path}.${index}`, secret }));
  return [
    { path: 'brevoApiKey', secret: brevoApiKey },
    ...(brevoPartnerKey === undefined ? [] : [{ path: 'brevoPartnerKey', secret: brevoPartnerKey }]),
    { path: 'visitorIdSecret', secret: visitorIdSecret },
    ...each('apiTokens', apiTokens),
    ...webhookSources.flatMap((source) => each(`webhooks.${source}`, webhooks[source])),
  ];
};

const placeholdersIn = (secrets: Secrets): Finding[] =>
  named(secrets)
    .filter(({ secret }) => isPlaceholder(secret))
    .map(({ path }) => ({
      grade: 'failure',
      what: `the secrets: ${path} holds a placeholder`,
      advice: 'put the real one in its place',
    }));

const weakIn = (secrets: Secrets): Finding[] => {
  const guessable = named(secrets).filter(({ path }) => /^(visitorIdSecret|apiTokens)/.test(path));
  return guessable
    .filter(({ secret }) => secret.length < strongLength && !isPlaceholder(secret))
    .map(({ path }) => ({
      grade: 'warning',
      what: `the secrets: ${path} is shorter than ${strongLength} characters and might be guessed`,
      advice: 'make one with: openssl rand -hex 32',
    }));
};

const checkTokens = ({ apiTokens }: Secrets): Finding => {
  if (apiTokens.length > 0) return { grade: 'ok', what: `the HTTP API opens to ${apiTokens.length} tokens` };
  return {
    grade: 'warning',
    what: 'there are no apiTokens: the HTTP API refuses everybody',
    advice: 'add some, unless nobody is to use it',
  };
};

const checkWebhooks = ({ webhooks }: Secrets): Finding[] => {
  const open = webhookSources.filter((source) => (webhooks[source] ?? []).length > 0);
  const closed = webhookSources.filter((source) => !open.includes(source));
  return [
    ...(open.length === 0
      ? []
      : [{ grade: 'ok', what: `webhooks of ${open.join(', ')} are taken` } as const]),
    ...(closed.length === 0
      ? []
      : [
          {
            grade: 'note',
            what: `webhooks of ${closed.join(', ')} are refused: there is no secret`,
          } as const,
        ]),
  ];
};

const checkShapes = ({ webhooks }: Secrets): Finding[] => {
  const isUsable = (secret: string): boolean => {
    const [, base64 = ''] = /^(?:whsec|whpk)_(.+)$/.exec(secret) ?? [];
    return base64 !== '' && base64Bytes(base64) !== undefined;
  };
  const { standard = [], stripe = [] } = webhooks;
  const useless = standard.filter((secret) => !isUsable(secret) && !isPlaceholder(secret));
  const odd = stripe.filter((secret) => !secret.startsWith('whsec_') && !isPlaceholder(secret));
  return [
    ...useless.map(
      (): Finding => ({
        grade: 'failure',
        what: 'the secrets: one of webhooks.standard is neither whsec_ nor whpk_ with base64, and opens nothing',
        advice: 'copy it whole from the sender',
      }),
    ),
    ...odd.map(
      (): Finding => ({
        grade: 'warning',
        what: 'the secrets: one of webhooks.stripe does not begin with whsec_',
        advice: 'take the signing secret of the endpoint, not an API key',
      }),
    ),
  ];
};

export const checkSecretValues = (secrets: Secrets): Finding[] => [
  ...placeholdersIn(secrets),
  ...weakIn(secrets),
  checkTokens(secrets),
  ...checkWebhooks(secrets),
  ...checkShapes(secrets),
];
