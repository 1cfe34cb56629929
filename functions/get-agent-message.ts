import config from '../bridge.config.ts';
import {
  type BrevoApiService,
  brevoApiEnvironment,
  connectBrevoApi,
} from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { getAgentMessage } from '../lib/http/contract/agents.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Reads a message of an agent or a visitor from Brevo. */
export const createHandler = (build: () => Promise<BrevoApiService>) =>
  httpHandler(getAgentMessage, build, async ({ path }, service) => ({
    status: 200,
    body: await callWithinBudget(service, 'GET /conversations/messages', () =>
      service.brevo.messages.get(path.id),
    ),
  }));

export const handler = createHandler(async () =>
  connectBrevoApi(readEnv(process.env, ...brevoApiEnvironment), config),
);
