import config from '../bridge.config.ts';
import { atWork, bridgeEnvironment } from '../lib/composition/bridge.ts';
import { connectNotices, type NoticesService } from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { deletePushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { isGone, removeOwn } from '../lib/http/notice-changes.ts';
import { noticeReply } from '../lib/http/notice-reply.ts';
import { reconcile } from '../lib/notices/reconcile.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Deletes a pushed message: it alone, whatever its notice still has to say. */
export const createHandler = (build: () => Promise<NoticesService>) =>
  httpHandler(deletePushedMessage, build, async ({ path }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await removeOwn(worker, path.id);
    if (notice !== undefined) {
      const reconciled = await reconcile(worker, notice, { lane: 'http' });
      return isGone(reconciled.notice, path.id) ? { status: 204 } : noticeReply(worker, reconciled);
    }
    await callWithinBudget(worker, 'DELETE /conversations/pushedMessages', () =>
      worker.brevo.pushedMessages.delete(path.id),
    );
    return { status: 204 };
  });

export const handler = createHandler(async () =>
  connectNotices(readEnv(process.env, ...bridgeEnvironment), config),
);
