import config from '../bridge.config.ts';
import { connectSenders } from '../lib/composition.ts';
import { registerSource } from '../lib/http/contract/webhooks.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { register, registrationOf } from '../lib/webhooks/register.ts';
import { type SenderService, sourceOf } from '../lib/webhooks/sender.ts';

/** Tells a shop that registers which secret to sign its webhooks with. */
export const createHandler = (build: () => Promise<SenderService>) =>
  httpHandler(registerSource, build, async (_, service, { event }) =>
    register(service, sourceOf(event), registrationOf(event)),
  );

export const handler = createHandler(() => connectSenders(process.env, config));
