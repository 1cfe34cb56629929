import config from '../bridge.config.ts';
import { connectNotices } from '../lib/composition.ts';
import { getErasure } from '../lib/http/contract/visitors.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { progressReply } from '../lib/http/notice-reply.ts';
import { progressOf } from '../lib/notices/erasure.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Reads the progress of a visitor's erasure. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'store'> & HttpService>) =>
  httpHandler(getErasure, build, async ({ query }, service) =>
    progressReply(await progressOf(service, query.visitorId), 200),
  );

export const handler = createHandler(() => connectNotices(process.env, config));
