import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { eraseVisitors } from '../lib/notices/erasure.ts';
import { atWork, type Bridge } from '../lib/notices/reconcile.ts';
import { deliverPending, reportHeld } from '../lib/notices/sweep.ts';
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

export const handler = createHandler(() => connectBridge(process.env, config));
