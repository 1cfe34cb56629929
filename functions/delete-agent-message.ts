import config from '../bridge.config.ts';
import { connectBrevo } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { deleteAgentMessage } from '../lib/http/contract/agents.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Deletes an agent’s message in Brevo. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'brevo'> & HttpService>) =>
  httpHandler(deleteAgentMessage, build, async ({ path }, service) => {
    await callBrevo(service, service.brevo.operations.messages.delete, path.id);
    return { status: 204 };
  });

export const handler = createHandler(() => connectBrevo(process.env, config));
