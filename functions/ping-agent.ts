import config from '../bridge.config.ts';
import { connectBrevo } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { pingAgent } from '../lib/http/contract/agents.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Shows an agent as online for the next two to three minutes. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'brevo'> & HttpService>) =>
  httpHandler(pingAgent, build, async ({ body }, service) => {
    await callBrevo(service, service.brevo.operations.pingAgent, body);
    return { status: 204 };
  });

export const handler = createHandler(() => connectBrevo(process.env, config));
