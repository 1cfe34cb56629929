import config from '../bridge.config.ts';
import { connectPresence } from '../lib/composition/bridge.ts';
import { keepOnline } from '../lib/presence/keep-online.ts';
import { readEnv } from '../lib/runtime/environment.ts';
import { scheduleHandler } from '../lib/runtime/handler.ts';

/** Each minute: shows the agents whose shift it is as online. */
export const createHandler = (build: () => Promise<Parameters<typeof keepOnline>[0]>) =>
  scheduleHandler(build, keepOnline);

export const handler = createHandler(async () =>
  connectPresence(readEnv(process.env, 'BREVO_BASE_URL', 'SECRETS_PARAMETER', 'TABLE_NAME'), config),
);
