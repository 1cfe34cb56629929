import config from '../bridge.config.ts';
import { ownOrigin } from '../lib/brevo/schemas.ts';
import { connectBrevo } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { postAgentMessage } from '../lib/http/contract/agents.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Sends a message as an agent, directly to Brevo. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'brevo'> & HttpService>) =>
  httpHandler(postAgentMessage, build, async ({ body }, service) => {
    const message = await callBrevo(service, service.brevo.operations.messages.post, {
      receivedFrom: ownOrigin,
      ...body,
    });
    const headers = { location: `/messages/${encodeURIComponent(message.id)}` };
    return { status: 201, body: message, headers };
  });

export const handler = createHandler(() => connectBrevo(process.env, config));
