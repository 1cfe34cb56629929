import config from '../bridge.config.ts';
import { atWork, type Bridge, bridgeEnvironment, connectBridge } from '../lib/bridge.ts';
import { readEnv } from '../lib/env.ts';
import { deliverPending } from '../lib/notices/deliver-pending.ts';
import { reportHeld } from '../lib/notices/report-held.ts';
import { scheduleHandler } from '../lib/schedule/schedule-handler.ts';
import { eraseVisitors } from '../lib/visitors/erase-visitors.ts';

/**
 * Each minute: delivers what waits for the budget, for a pause to end, or for a worker that is gone, goes on with the
 * erasure of visitors, and measures what needs a person.
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
