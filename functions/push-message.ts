import config from '../bridge.config.ts';
import { connectQueue } from '../lib/composition.ts';
import { type BatchDeps, processBatch } from '../lib/notices/ingest.ts';
import { atWork } from '../lib/notices/reconcile.ts';
import { queueHandler } from '../lib/runtime/handler.ts';

/** Takes the shop's events from the queue and updates the visitors' chats. */
export const createHandler = (build: () => Promise<BatchDeps>) =>
  queueHandler(build, async (records, bridge, remainingMs) =>
    processBatch(atWork(bridge, remainingMs), records),
  );

export const handler = createHandler(() => connectQueue(process.env, config));
