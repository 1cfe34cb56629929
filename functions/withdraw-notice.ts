import config from '../bridge.config.ts';
import { atWork, bridgeEnvironment } from '../lib/composition/bridge.ts';
import { connectNotices, type NoticesService } from '../lib/composition/http-services.ts';
import { withdrawNotice } from '../lib/http/contract/notices.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { changeable } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { withdrawByOverride } from '../lib/notices/override.ts';
import { reconcile } from '../lib/notices/reconcile.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Withdraws a notice: its messages are deleted, and what waits is not sent. */
export const createHandler = (build: () => Promise<NoticesService>) =>
  httpHandler(withdrawNotice, build, async ({ path }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await worker.store.change(path.reference, (seen) =>
      withdrawByOverride(changeable(seen), worker.now()),
    );
    return noticeReply(worker, await reconcile(worker, notice, { lane: 'http' }));
  });

export const handler = createHandler(async () =>
  connectNotices(readEnv(process.env, ...bridgeEnvironment), config),
);
