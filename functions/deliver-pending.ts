import config from '../bridge.config.ts';
import { connectDelivery } from '../lib/composition.ts';
import { eraseVisitors } from '../lib/notices/erasure.ts';
import { atWork, type Bridge } from '../lib/notices/reconcile.ts';
import { deliverPending, reportHeld } from '../lib/notices/sweep.ts';
import type { Aliases } from '../lib/orders/aliases.ts';
import { dropUnclaimed } from '../lib/orders/locate.ts';
import { scheduleHandler } from '../lib/runtime/handler.ts';

/**
 * Each minute: delivers the notices that wait for the budget, for the end of a pause or for a worker that stopped,
 * continues the erasure of visitors, measures how many notices need an operator, and drops carriers' events whose order
 * did not come.
 */
export const createHandler = (build: () => Promise<Bridge & { aliases: Aliases }>) =>
  scheduleHandler(build, async (bridge, remainingMs) => {
    const worker = atWork(bridge, remainingMs);
    await deliverPending(worker);
    await eraseVisitors(worker);
    await reportHeld(worker);
    await dropUnclaimed(worker);
  });

export const handler = createHandler(() => connectDelivery(process.env, config));
