import { SSMClient } from '@aws-sdk/client-ssm';
import { createBrevoClient } from '../brevo/client.ts';
import { awsClientSettings } from '../runtime/aws-client.ts';
import type { Logger } from '../runtime/log.ts';
import { createSecrets } from '../runtime/secrets.ts';

/**
 * How long one call to Brevo may take. Longer than the ten seconds after which fetch gives up connecting, so that a
 * network which leads nowhere is distinguished from an answer that was lost. Milliseconds.
 */
export const brevoTimeoutMs = 12_000;

/** The secrets of a function. */
export const connectSecrets = (
  { SECRETS_PARAMETER: parameterName }: { SECRETS_PARAMETER: string },
  logger: Logger,
) => createSecrets({ client: new SSMClient(awsClientSettings), parameterName, logger, now: Date.now });

/**
 * The Brevo client of a function, with the secrets it signs in with.
 *
 * A key that Brevo refuses may have been replaced meanwhile: this function's next call reads the secrets anew. The refused
 * call is not repeated here, for every request has to be taken from the budget, which the refusal has paused. It heals by
 * the probes that a pause allows: the first may find that its function's key is the old one, the second has the new one.
 * Functions that were not refused themselves have it once their secrets are too old.
 */
export const connectBrevo = (
  environment: { BREVO_BASE_URL: string; SECRETS_PARAMETER: string },
  logger: Logger,
) => {
  const secrets = connectSecrets(environment, logger);
  let refusedKey: string | undefined;
  const credentials = async () => {
    const { brevoApiKey: apiKey, brevoPartnerKey: partnerKey } = await secrets(refusedKey);
    return { apiKey, partnerKey };
  };
  const brevo = createBrevoClient({
    baseUrl: environment.BREVO_BASE_URL,
    credentials,
    onKeyRefused: (key) => {
      refusedKey = key;
    },
    fetch,
    timeoutMs: brevoTimeoutMs,
  });
  return { secrets, brevo };
};
