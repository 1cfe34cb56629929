import config from '../bridge.config.ts';
import { connectWebhooks } from '../lib/composition.ts';
import { receiveWebhook } from '../lib/http/contract/webhooks.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { receive, type WebhookService, webhookOf } from '../lib/webhooks/receive.ts';
import { sourceOf } from '../lib/webhooks/sender.ts';

/** Receives webhooks from shop systems and from Brevo, and puts their events on the bus. */
export const createHandler = (build: () => Promise<WebhookService>) =>
  httpHandler(receiveWebhook, build, async (_, service, { event }) =>
    receive(service, sourceOf(event), webhookOf(event)),
  );

export const handler = createHandler(() => connectWebhooks(process.env, config));
