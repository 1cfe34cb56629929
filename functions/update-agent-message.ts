import config from '../bridge.config.ts';
import { connectBrevo } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { updateAgentMessage } from '../lib/http/contract/agents.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Changes the text of an agent’s message in Brevo. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'brevo'> & HttpService>) =>
  httpHandler(updateAgentMessage, build, async ({ path, body }, service) => ({
    status: 200,
    body: await callBrevo(service, service.brevo.operations.messages.update, path.id, body.text),
  }));

export const handler = createHandler(() => connectBrevo(process.env, config));
