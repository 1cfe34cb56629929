import config from '../bridge.config.ts';
import { connectNotices } from '../lib/composition.ts';
import { getNotice } from '../lib/http/contract/notices.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { known } from '../lib/http/notice-changes.ts';
import { noticeView } from '../lib/http/notice-reply.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Reads a notice. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'store'> & HttpService>) =>
  httpHandler(getNotice, build, async ({ path }, { store }) => ({
    status: 200,
    body: noticeView(known(await store.read(path.reference))),
  }));

export const handler = createHandler(() => connectNotices(process.env, config));
