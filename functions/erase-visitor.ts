import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { eraseVisitor } from '../lib/http/contract/visitors.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { progressReply } from '../lib/http/notice-reply.ts';
import { eraseSome, progressOf } from '../lib/notices/erasure.ts';
import { atWork, type Bridge } from '../lib/notices/reconcile.ts';

/** Erases a visitor: every message in Brevo, and everything stored here. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(eraseVisitor, build, async ({ body: { visitorId } }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const erasure = await worker.store.erasures.begin(visitorId);
    await eraseSome(worker, erasure);
    const reply = progressReply(await progressOf(worker, visitorId), 202);
    return { ...reply, headers: { location: `/erasures?visitorId=${encodeURIComponent(visitorId)}` } };
  });

export const handler = createHandler(() => connectBridge(process.env, config));
