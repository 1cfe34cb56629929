import config from '../bridge.config.ts';
import { connectNotices } from '../lib/composition.ts';
import { retryNotices } from '../lib/http/contract/notices.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { retryRefused } from '../lib/http/notice-changes.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Retries all notices that Brevo refused. deliver-pending calls Brevo, within the budget. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'store' | 'now'> & HttpService>) =>
  httpHandler(retryNotices, build, async (_, service, { remainingMs }) => ({
    status: 202,
    body: await retryRefused(service, remainingMs),
  }));

export const handler = createHandler(() => connectNotices(process.env, config));
