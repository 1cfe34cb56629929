import config from '../bridge.config.ts';
import {
  type BrevoApiService,
  brevoApiEnvironment,
  connectBrevoApi,
} from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { deleteAgentMessage } from '../lib/http/contract/agents.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Deletes an agent’s message in Brevo. */
export const createHandler = (build: () => Promise<BrevoApiService>) =>
  httpHandler(deleteAgentMessage, build, async ({ path }, service) => {
    await callWithinBudget(service, 'DELETE /conversations/messages', () =>
      service.brevo.messages.delete(path.id),
    );
    return { status: 204 };
  });

export const handler = createHandler(async () =>
  connectBrevoApi(readEnv(process.env, ...brevoApiEnvironment), config),
);
