import config from '../bridge.config.ts';
import { connectAccess } from '../lib/composition/http-services.ts';
import { operations } from '../lib/http/contract/api.ts';
import { getOpenApi } from '../lib/http/contract/document.ts';
import { type HttpService, httpHandler } from '../lib/http/http-handler.ts';
import { openApiOf } from '../lib/http/openapi.ts';
import { readEnv } from '../lib/runtime/environment.ts';
import { lazily } from '../lib/runtime/lazily.ts';

const document = lazily(async () => openApiOf(operations));

/** Gives the OpenAPI document of this API. */
export const createHandler = (build: () => Promise<HttpService>) =>
  httpHandler(getOpenApi, build, async () => ({ status: 200, body: await document() }));

export const handler = createHandler(async () =>
  connectAccess(readEnv(process.env, 'SECRETS_PARAMETER'), config),
);
