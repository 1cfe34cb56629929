import config from '../bridge.config.ts';
import { connectStore } from '../lib/composition/bridge.ts';
import {
  type BrevoApiService,
  brevoApiEnvironment,
  connectBrevoApi,
  type NoticesReader,
} from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { getPushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Reads a pushed message from Brevo, with the notice it belongs to. */
export const createHandler = (build: () => Promise<BrevoApiService & NoticesReader>) =>
  httpHandler(getPushedMessage, build, async ({ path }, service) => {
    const [reference, message] = await Promise.all([
      service.store.ownerOf(path.id),
      callWithinBudget(service, 'GET /conversations/pushedMessages', () =>
        service.brevo.pushedMessages.get(path.id),
      ),
    ]);
    return { status: 200, body: { ...message, ...(reference === undefined ? {} : { reference }) } };
  });

export const handler = createHandler(async () => {
  const environment = readEnv(process.env, ...brevoApiEnvironment);
  return { ...connectBrevoApi(environment, config), ...connectStore(environment) };
});
