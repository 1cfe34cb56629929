import config from '../bridge.config.ts';
import {
  type BrevoApiService,
  brevoApiEnvironment,
  connectBrevoApi,
} from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { pingAgent } from '../lib/http/contract/agents.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Shows an agent as online for the next two to three minutes. */
export const createHandler = (build: () => Promise<BrevoApiService>) =>
  httpHandler(pingAgent, build, async ({ body }, service) => {
    await callWithinBudget(service, 'POST /conversations/agentOnlinePing', () =>
      service.brevo.pingAgent(body),
    );
    return { status: 204 };
  });

export const handler = createHandler(async () =>
  connectBrevoApi(readEnv(process.env, ...brevoApiEnvironment), config),
);
