import config from '../bridge.config.ts';
import { atWork, type Bridge, bridgeEnvironment, connectBridge } from '../lib/bridge.ts';
import { readEnv } from '../lib/env.ts';
import { deliverPending } from '../lib/notices/deliver-pending.ts';
import { scheduleHandler } from '../lib/schedule/schedule-handler.ts';

/** Each minute: delivers what waits for the budget, for a pause to end, or for a worker that is gone. */
export const createHandler = (build: () => Promise<Bridge>) =>
  scheduleHandler(build, async (bridge, remainingMs) => deliverPending(atWork(bridge, remainingMs)));

export const handler = createHandler(async () =>
  connectBridge(readEnv(process.env, ...bridgeEnvironment), config),
);
