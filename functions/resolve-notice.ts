import config from '../bridge.config.ts';
import { atWork, bridgeEnvironment } from '../lib/composition/bridge.ts';
import { connectNotices, type NoticesService } from '../lib/composition/http-services.ts';
import { resolveNotice } from '../lib/http/contract/notices.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { answerFor } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { reconcile } from '../lib/notices/reconcile.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Takes an operator’s answer for a notice that is held. */
export const createHandler = (build: () => Promise<NoticesService>) =>
  httpHandler(resolveNotice, build, async ({ path, body }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await answerFor(worker, path.reference, body);
    return noticeReply(worker, await reconcile(worker, notice, { lane: 'http' }));
  });

export const handler = createHandler(async () =>
  connectNotices(readEnv(process.env, ...bridgeEnvironment), config),
);
