import config from '../bridge.config.ts';
import { atWork, bridgeEnvironment } from '../lib/composition/bridge.ts';
import { connectNotices, type NoticesService } from '../lib/composition/http-services.ts';
import { eraseVisitor } from '../lib/http/contract/visitors.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { progressReply } from '../lib/http/notice-reply.ts';
import { beginErasure, eraseSome, progressOf } from '../lib/notices/erasure.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Erases a visitor: every message in Brevo, and every trace here. */
export const createHandler = (build: () => Promise<NoticesService>) =>
  httpHandler(eraseVisitor, build, async ({ path }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const erasure = await beginErasure(worker, path.visitorId);
    await eraseSome(worker, erasure);
    return progressReply(await progressOf(worker, path.visitorId), 202);
  });

export const handler = createHandler(async () =>
  connectNotices(readEnv(process.env, ...bridgeEnvironment), config),
);
