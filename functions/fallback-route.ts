import config from '../bridge.config.ts';
import { connectAccess } from '../lib/composition.ts';
import { fallbackReply, fallbackRoute } from '../lib/http/fallback-route.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';

/** Answers what no other operation is there for: unknown routes and methods, and browsers that ask before they send. */
export const createHandler = (build: () => Promise<HttpService>) =>
  httpHandler(fallbackRoute, build, async (_input, service, invocation) =>
    fallbackReply(service, invocation),
  );

export const handler = createHandler(() => connectAccess(process.env, config));
