import config from '../bridge.config.ts';
import {
  type BrevoApiService,
  brevoApiEnvironment,
  connectBrevoApi,
} from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { updateAgentMessage } from '../lib/http/contract/agents.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Changes the text of an agent’s message in Brevo. */
export const createHandler = (build: () => Promise<BrevoApiService>) =>
  httpHandler(updateAgentMessage, build, async ({ path, body }, service) => ({
    status: 200,
    body: await callWithinBudget(service, 'PUT /conversations/messages', () =>
      service.brevo.messages.update(path.id, body.text),
    ),
  }));

export const handler = createHandler(async () =>
  connectBrevoApi(readEnv(process.env, ...brevoApiEnvironment), config),
);
