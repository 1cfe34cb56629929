import config from '../bridge.config.ts';
import { connectBridge } from '../lib/composition.ts';
import { callBrevo } from '../lib/http/brevo-call.ts';
import { updatePushedMessage } from '../lib/http/contract/pushed-messages.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { overrideOwn } from '../lib/http/notice-changes.ts';
import { messageReply } from '../lib/http/notice-reply.ts';
import { atWork, type Bridge, reconcile } from '../lib/notices/reconcile.ts';

/** Changes the text of a pushed message. If it is the newest message of a notice, the notice changes too. */
export const createHandler = (build: () => Promise<Bridge & HttpService>) =>
  httpHandler(updatePushedMessage, build, async ({ path, body }, service, { remainingMs }) => {
    const worker = atWork(service, remainingMs);
    const notice = await overrideOwn(worker, path.id, body.text);
    if (notice !== undefined)
      return messageReply(worker, await reconcile(worker, notice, { lane: 'http' }), 200);
    const message = await callBrevo(
      worker,
      worker.brevo.operations.pushedMessages.update,
      path.id,
      body.text,
    );
    return { status: 200, body: message };
  });

export const handler = createHandler(() => connectBridge(process.env, config));
