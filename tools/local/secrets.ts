import { webhookSecrets } from '../samples/webhooks.ts';

/** Opens the HTTP API of the local run. */
export const apiToken = 'local-token';

/** The value of the secrets' parameter in the local run: none of these opens anything outside of it. */
export const localSecrets = (brevoApiKey: string): string =>
  JSON.stringify({
    brevoApiKey,
    visitorIdSecret: 'local-visitor-secret',
    apiTokens: [apiToken],
    webhooks: Object.fromEntries(
      Object.entries(webhookSecrets).map(([source, secret]) => [source, [secret]]),
    ),
  });
