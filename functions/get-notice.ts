import config from '../bridge.config.ts';
import {
  connectNoticesReader,
  type NoticesReader,
  noticesReaderEnvironment,
} from '../lib/composition/http-services.ts';
import { getNotice } from '../lib/http/contract/notices.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { known } from '../lib/http/notice-changes.ts';
import { noticeView } from '../lib/http/notice-reply.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Reads a notice. */
export const createHandler = (build: () => Promise<NoticesReader>) =>
  httpHandler(getNotice, build, async ({ path }, { store }) => ({
    status: 200,
    body: noticeView(known(await store.read(path.reference))),
  }));

export const handler = createHandler(async () =>
  connectNoticesReader(readEnv(process.env, ...noticesReaderEnvironment), config),
);
