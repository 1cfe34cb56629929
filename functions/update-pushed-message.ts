import config from '../bridge.config.ts';
import { atWork, bridgeEnvironment } from '../lib/composition/bridge.ts';
import { connectNotices, type NoticesService } from '../lib/composition/http-services.ts';
import { callWithinBudget } from '../lib/http/call-within-budget.ts';
import { updatePushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { overrideOwn } from '../lib/http/notice-changes.ts';
import { messageReply } from '../lib/http/notice-reply.ts';
import { reconcile } from '../lib/notices/reconcile.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Changes the text of a pushed message, and of the notice whose newest message it is. */
export const createHandler = (build: () => Promise<NoticesService>) =>
  httpHandler(updatePushedMessage, build, async ({ path, body }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await overrideOwn(worker, path.id, body.text);
    if (notice !== undefined)
      return messageReply(worker, await reconcile(worker, notice, { lane: 'http' }), 200);
    const message = await callWithinBudget(worker, 'PUT /conversations/pushedMessages', () =>
      worker.brevo.pushedMessages.update(path.id, body.text),
    );
    return { status: 200, body: message };
  });

export const handler = createHandler(async () =>
  connectNotices(readEnv(process.env, ...bridgeEnvironment), config),
);
