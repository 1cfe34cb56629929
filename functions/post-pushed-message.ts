import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { postPushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { askFor, rejectRefused } from '../lib/http/notice-changes.ts';
import { messageReply } from '../lib/http/notice-reply.ts';
import { atWork, type Bridge, reconcile } from '../lib/notices/reconcile.ts';

/** Sends a message to a visitor: immediately if the budget allows it, otherwise as soon as it does. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(postPushedMessage, build, async ({ body, headers }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await askFor(worker, { ...body, key: headers['idempotency-key'] });
    const reconciled = await reconcile(worker, notice, { arrival: true });
    await rejectRefused(worker, reconciled.notice);
    return messageReply(worker, reconciled, 201);
  });

export const handler = createHandler(() => connectBridge(process.env, config));
