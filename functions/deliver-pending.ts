import config from '../bridge.config.ts';
import { atWork, type Bridge, bridgeEnvironment, connectBridge } from '../lib/composition/bridge.ts';
import { eraseVisitors } from '../lib/notices/erasure.ts';
import { deliverPending, reportHeld } from '../lib/notices/sweep.ts';
import { readEnv } from '../lib/runtime/environment.ts';
import { scheduleHandler } from '../lib/runtime/handler.ts';

/**
 * Each minute: delivers what waits for the budget, for a pause to end, or for a worker that is gone, goes on with the
 * erasure of visitors, and measures what needs an operator.
 */
export const createHandler = (build: () => Promise<Bridge>) =>
  scheduleHandler(build, async (bridge, remainingMs) => {
    const worker = atWork(bridge, remainingMs);
    await deliverPending(worker);
    await eraseVisitors(worker);
    await reportHeld(worker);
  });

export const handler = createHandler(async () =>
  connectBridge(readEnv(process.env, ...bridgeEnvironment), config),
);
