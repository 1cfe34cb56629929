import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { updateNotice } from '../lib/http/contract/notices.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { changeable, newsOf } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { rewrite } from '../lib/notices/override.ts';
import { atWork, type Bridge, reconcile } from '../lib/notices/reconcile.ts';

/** Changes the text of a notice, and updates the chat. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(updateNotice, build, async ({ path, body }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await worker.store.change(path.reference, (seen) =>
      rewrite(changeable(seen, worker), body, newsOf(worker)),
    );
    return noticeReply(worker, await reconcile(worker, notice, { lane: 'http' }));
  });

export const handler = createHandler(() => connectBridge(process.env, config));
