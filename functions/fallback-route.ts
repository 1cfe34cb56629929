import config from '../bridge.config.ts';
import { connectAccess } from '../lib/composition.ts';
import { fallbackReply, fallbackRoute } from '../lib/http/fallback-route.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';

/** Answers requests for unknown routes and methods, and the CORS preflight requests of browsers. */
export const createHandler = (build: () => Promise<HttpService>) =>
  httpHandler(fallbackRoute, build, async (_input, service, invocation) =>
    fallbackReply(service, invocation),
  );

export const handler = createHandler(() => connectAccess(process.env, config));
