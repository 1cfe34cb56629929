import config from '../bridge.config.ts';
import { ownOrigin } from '../lib/brevo/schemas.ts';
import {
  type BrevoApiService,
  brevoApiEnvironment,
  connectBrevoApi,
} from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { postAgentMessage } from '../lib/http/contract/agents.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Sends a message as an agent, straight to Brevo. */
export const createHandler = (build: () => Promise<BrevoApiService>) =>
  httpHandler(postAgentMessage, build, async ({ body }, service) => {
    const message = await callWithinBudget(service, 'POST /conversations/messages', () =>
      service.brevo.messages.post({ receivedFrom: ownOrigin, ...body }),
    );
    const headers = { location: `/messages/${encodeURIComponent(message.id)}` };
    return { status: 201, body: message, headers };
  });

export const handler = createHandler(async () =>
  connectBrevoApi(readEnv(process.env, ...brevoApiEnvironment), config),
);
