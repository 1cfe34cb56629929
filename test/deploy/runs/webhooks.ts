import type { SourceName } from '../../../lib/runtime/secrets.ts';
import { freshen, sign } from '../../../tools/samples/webhooks.ts';
import { webhookSamples } from '../../support/webhook-samples.ts';
import type { AtWork } from './at-work.ts';

const sources: SourceName[] = ['shopify', 'woocommerce', 'stripe', 'standard', 'brevo'];

/** Every sample of a webhook, again as its sender sends it again, forged, and unreadable. */
export const runWebhooks = async ({ call, later, clock, pushWaiting }: AtWork) => {
  const send = (status: number, source: SourceName, body: string, headers: Record<string, string> = {}) =>
    call(['receive-webhook', status], `POST /webhooks/${source}`, {
      headers: {
        ...headers,
        ...sign(source, { body, now: clock.now, id: headers['webhook-id'] ?? 'msg_1' }),
      },
      raw: { body, isBase64Encoded: false },
    });
  await later();
  for (const source of sources) {
    const accepted = source === 'standard' ? 202 : 200;
    for (const sample of webhookSamples.filter((each) => each.source === source)) {
      const body = freshen(sample.body.toString(), sample.sentAt, clock.now);
      await send(accepted, source, body, sample.headers);
      await send(accepted, source, body, sample.headers);
    }
    await send(source === 'standard' ? 400 : 200, source, 'no JSON');
    await call(['receive-webhook', 401], `POST /webhooks/${source}`, {
      headers: {},
      raw: { body: '{}', isBase64Encoded: false },
    });
  }
  await call(['receive-webhook', 404], 'POST /webhooks/unheard-of', { body: {} });
  await pushWaiting();
};
