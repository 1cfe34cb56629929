import config from '../bridge.config.ts';
import { connectNotices } from '../lib/composition.ts';
import { listNotices } from '../lib/http/contract/notices.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { fromCursor, noticeView, toCursor } from '../lib/http/notice-reply.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Lists the notices that wait for Brevo, for an operator or for a visitor. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'store'> & HttpService>) =>
  httpHandler(listNotices, build, async ({ query }, { store }) => {
    const { queue, limit, cursor } = query;
    const from = cursor === undefined ? {} : { from: fromCursor(cursor) };
    const { notices, next } = await store.list({ queue, limit, ...from });
    const more = next === undefined ? {} : { cursor: toCursor(next) };
    return { status: 200, body: { notices: notices.map(noticeView), ...more } };
  });

export const handler = createHandler(() => connectNotices(process.env, config));
