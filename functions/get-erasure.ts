import config from '../bridge.config.ts';
import {
  connectNoticesReader,
  type NoticesReader,
  noticesReaderEnvironment,
} from '../lib/composition/http-services.ts';
import { getErasure } from '../lib/http/contract/visitors.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { progressReply } from '../lib/http/notice-reply.ts';
import { progressOf } from '../lib/notices/erasure.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Tells how far the erasure of a visitor is. */
export const createHandler = (build: () => Promise<NoticesReader>) =>
  httpHandler(getErasure, build, async ({ path }, service) =>
    progressReply(await progressOf(service, path.visitorId), 200),
  );

export const handler = createHandler(async () =>
  connectNoticesReader(readEnv(process.env, ...noticesReaderEnvironment), config),
);
