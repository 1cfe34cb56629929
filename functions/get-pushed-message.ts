import config from '../bridge.config.ts';
import { connectBrevo, connectNotices } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { getPushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import type { Bridge } from '../lib/notices/reconcile.ts';

/** Reads a pushed message from Brevo, with the reference of its notice. */
export const createHandler = (build: () => Promise<Pick<Bridge, 'brevo' | 'store'> & HttpService>) =>
  httpHandler(getPushedMessage, build, async ({ path }, service) => {
    const [reference, message] = await Promise.all([
      service.store.ownerOf(path.id),
      callBrevo(service, service.brevo.operations.pushedMessages.get, path.id),
    ]);
    return { status: 200, body: { ...message, ...(reference === undefined ? {} : { reference }) } };
  });

export const handler = createHandler(async () => ({
  ...(await connectNotices(process.env, config)),
  ...(await connectBrevo(process.env, config)),
}));
