import config from '../bridge.config.ts';
import { connectWebhooks } from '../lib/composition.ts';
import { receiveWebhook } from '../lib/http/contract/webhooks.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { receive, type WebhookService, webhookOf } from '../lib/webhooks/receive.ts';

/** Takes webhooks of shop systems and of Brevo, and puts what they say on the bus. */
export const createHandler = (build: () => Promise<WebhookService>) =>
  httpHandler(receiveWebhook, build, async ({ path }, service, { event }) =>
    receive(service, path.source, webhookOf(event)),
  );

export const handler = createHandler(() => connectWebhooks(process.env, config));
