import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { withdrawNotice } from '../lib/http/contract/notices.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { changeable } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { withdrawByOverride } from '../lib/notices/override.ts';
import { atWork, type Bridge, reconcile } from '../lib/notices/reconcile.ts';

/** Withdraws a notice: its messages are deleted, and a waiting message is not sent. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(withdrawNotice, build, async ({ path }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await worker.store.change(path.reference, (seen) =>
      withdrawByOverride(changeable(seen, worker), worker.now()),
    );
    return noticeReply(worker, await reconcile(worker, notice, { lane: 'http' }));
  });

export const handler = createHandler(() => connectBridge(process.env, config));
