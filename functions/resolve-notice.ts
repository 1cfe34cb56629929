import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { resolveNotice } from '../lib/http/contract/notices.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { answerFor } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { atWork, type Bridge, reconcile } from '../lib/notices/reconcile.ts';

/** Resolves a held notice with the operator's decision. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(resolveNotice, build, async ({ path, body }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await answerFor(worker, path.reference, body);
    return noticeReply(worker, await reconcile(worker, notice, { lane: 'http' }));
  });

export const handler = createHandler(() => connectBridge(process.env, config));
