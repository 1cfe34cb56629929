import config from '../bridge.config.ts';
import { atWork, bridgeEnvironment } from '../lib/composition/bridge.ts';
import { connectNotices, type NoticesService } from '../lib/composition/http-services.ts';
import { postPushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { askFor } from '../lib/http/notice-changes.ts';
import { messageReply } from '../lib/http/notice-reply.ts';
import { reconcile } from '../lib/notices/reconcile.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Tells a visitor something: at once where the budget allows, else as soon as it does. */
export const createHandler = (build: () => Promise<NoticesService>) =>
  httpHandler(postPushedMessage, build, async ({ body, headers }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await askFor(worker, { ...body, key: headers['idempotency-key'] });
    return messageReply(worker, await reconcile(worker, notice, { arrival: true }), 201);
  });

export const handler = createHandler(async () =>
  connectNotices(readEnv(process.env, ...bridgeEnvironment), config),
);
