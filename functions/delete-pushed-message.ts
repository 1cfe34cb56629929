import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { deletePushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { isGone, removeOwn } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { atWork, type Bridge, reconcile } from '../lib/notices/reconcile.ts';

/** Deletes one pushed message. The other messages of its notice are not affected. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(deletePushedMessage, build, async ({ path }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await removeOwn(worker, path.id);
    if (notice !== undefined) {
      const reconciled = await reconcile(worker, notice, { lane: 'http' });
      return isGone(reconciled.notice, path.id) ? { status: 204 } : noticeReply(worker, reconciled);
    }
    await callBrevo(worker, worker.brevo.operations.pushedMessages.delete, path.id);
    return { status: 204 };
  });

export const handler = createHandler(() => connectBridge(process.env, config));
