import config from '../bridge.config.ts';
import { connectAccess } from '../lib/composition.ts';
import { routesWith } from '../lib/http/contract/operations.ts';
import { getOpenApi } from '../lib/http/contract/webhooks.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { openApiOf } from '../lib/http/openapi.ts';
import { lazily } from '../lib/runtime/handler.ts';
import { sources } from '../lib/sources/sources.ts';

const document = lazily(async () => openApiOf(routesWith({ ...sources, ...config.sources })));

/** Serves the OpenAPI document of this API. */
export const createHandler = (build: () => Promise<HttpService>) =>
  httpHandler(getOpenApi, build, async () => ({ status: 200, body: await document() }));

export const handler = createHandler(() => connectAccess(process.env, config));
