const standardWebhooksSecret = 'local-standard-secret-0123456789';

/** Opens the HTTP API of the local run. */
export const apiToken = 'local-token';

/** What each source of webhooks is signed with in the local run. */
export const webhookSecrets = {
  brevo: 'local-brevo-secret',
  shopify: 'local-shopify-secret',
  standard: `whsec_${Buffer.from(standardWebhooksSecret).toString('base64')}`,
  stripe: 'local-stripe-secret',
  woocommerce: 'local-woocommerce-secret',
} as const;

/** The value of the secrets' parameter in the local run: none of these opens anything outside of it. */
export function localSecrets(brevoApiKey: string): string {
  return JSON.stringify({
    brevoApiKey,
    visitorIdSecret: 'local-visitor-secret',
    apiTokens: [apiToken],
    webhooks: Object.fromEntries(
      Object.entries(webhookSecrets).map(([source, secret]) => [source, [secret]]),
    ),
  });
}
