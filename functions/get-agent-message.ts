import config from '../bridge.config.ts';
import { connectBrevo } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { getAgentMessage } from '../lib/http/contract/agents.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Reads a message of an agent or a visitor from Brevo. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'brevo'> & HttpService>) =>
  httpHandler(getAgentMessage, build, async ({ path }, service) => ({
    status: 200,
    body: await callBrevo(service, service.brevo.operations.messages.get, path.id),
  }));

export const handler = createHandler(() => connectBrevo(process.env, config));
