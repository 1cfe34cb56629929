import config from '../bridge.config.ts';
import {
  connectNoticesReader,
  type NoticesReader,
  noticesReaderEnvironment,
} from '../lib/composition/http-services.ts';
import { listNotices } from '../lib/http/contract/notices.ts';
import { httpHandler } from '../lib/http/http-handler.ts';
import { fromCursor, noticeView, toCursor } from '../lib/http/notice-reply.ts';
import { readEnv } from '../lib/runtime/environment.ts';

/** Lists what waits, or what needs an operator. */
export const createHandler = (build: () => Promise<NoticesReader>) =>
  httpHandler(listNotices, build, async ({ query }, { store }) => {
    const { held, limit, cursor } = query;
    const from = cursor === undefined ? {} : { from: fromCursor(cursor) };
    const { notices, next } = await store.list({ queue: held ? 'held' : 'due', limit, ...from });
    const more = next === undefined ? {} : { cursor: toCursor(next) };
    return { status: 200, body: { notices: notices.map(noticeView), ...more } };
  });

export const handler = createHandler(async () =>
  connectNoticesReader(readEnv(process.env, ...noticesReaderEnvironment), config),
);
