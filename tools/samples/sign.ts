/** Signs webhooks with the local run's secrets, as each sender does it. */
import { createHmac } from 'node:crypto';
import { webhookSecrets } from '../local/secrets.ts';

export type SignedSource = keyof typeof webhookSecrets;

/**
 * The headers that prove a body to come from a source.
 * @param now milliseconds since 1970
 */
export const sign = (
  source: SignedSource,
  { body, now, id = `msg_${now}` }: { body: string | Buffer; now: number; id?: string },
): Record<string, string> => {
  const secret = webhookSecrets[source];
  const seconds = String(Math.floor(now / 1000));
  const hmac = (key: string | Buffer, encoding: 'base64' | 'hex', ...before: string[]) =>
    before
      .reduce((mac, part) => mac.update(part), createHmac('sha256', key))
      .update(body)
      .digest(encoding);
  switch (source) {
    case 'shopify':
      return { 'x-shopify-hmac-sha256': hmac(secret, 'base64') };
    case 'woocommerce':
      return { 'x-wc-webhook-signature': hmac(secret, 'base64') };
    case 'stripe':
      return { 'stripe-signature': `t=${seconds},v1=${hmac(secret, 'hex', `${seconds}.`)}` };
    case 'standard': {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signature = hmac(key, 'base64', `${id}.${seconds}.`);
      return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
    }
    case 'brevo':
      return { authorization: `Bearer ${secret}` };
  }
};
