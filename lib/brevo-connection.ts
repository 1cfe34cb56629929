import { SSMClient } from '@aws-sdk/client-ssm';
import { awsClientSettings } from './aws-client.ts';
import { createBrevoClient } from './brevo/client.ts';
import type { Logger } from './log.ts';
import { createSecrets } from './secrets.ts';

/**
 * How long one call to Brevo may take. Longer than the ten seconds after which fetch gives up connecting, so that a
 * network which leads nowhere is told from an answer that was lost. Milliseconds.
 */
export const brevoTimeoutMs = 12_000;

/** The secrets of a function. */
export const connectSecrets = (
  { SECRETS_PARAMETER: parameterName }: { SECRETS_PARAMETER: string },
  logger: Logger,
) => createSecrets({ client: new SSMClient(awsClientSettings), parameterName, logger, now: Date.now });

/** The Brevo client of a function, with the secrets it signs in with. */
export const connectBrevo = (
  environment: { BREVO_BASE_URL: string; SECRETS_PARAMETER: string },
  logger: Logger,
) => {
  const secrets = connectSecrets(environment, logger);
  const credentials = async () => {
    const { brevoApiKey: apiKey, brevoPartnerKey: partnerKey } = await secrets();
    return { apiKey, partnerKey };
  };
  const { BREVO_BASE_URL: baseUrl } = environment;
  return { secrets, brevo: createBrevoClient({ baseUrl, credentials, fetch, timeoutMs: brevoTimeoutMs }) };
};
