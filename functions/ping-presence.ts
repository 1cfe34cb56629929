import config from '../bridge.config.ts';
import { connectBrevo } from '../lib/composition.ts';
import { keepOnline } from '../lib/presence/keep-online.ts';
import { scheduleHandler } from '../lib/runtime/handler.ts';

/** Each minute: shows the agents on shift as online. */
export const createHandler = (build: () => Promise<Parameters<typeof keepOnline>[0]>) =>
  scheduleHandler(build, keepOnline);

export const handler = createHandler(() => connectBrevo(process.env, config));
