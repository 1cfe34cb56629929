import { Logger } from '@aws-lambda-powertools/logger';
import { createHandler } from '../../functions/receive-webhook.ts';
import { sources } from '../../lib/sources/sources.ts';
import { secretOf } from '../../tools/samples/webhooks.ts';
import { DroppedMetrics } from '../../tools/simulation/function.ts';
import { apiEvent, type Call } from './http-api.ts';
import { noon } from './incoming.ts';
import { lambdaContext } from './lambda-context.ts';

/** The function that receives webhooks, at noon, with a bus that only counts. */
export const startReceiver = () => {
  let published = 0;
  const deadLetters: string[] = [];
  const handler = createHandler(async () => ({
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics: new DroppedMetrics({ namespace: 'test' }),
    tokens: async () => [],
    origins: [],
    sources,
    toleranceSeconds: {},
    webhookSecrets: async (source) => [secretOf(source)],
    publish: async (_, events) => {
      published += events.length;
    },
    deadLetter: async (_, reason) => void deadLetters.push(reason),
    now: () => noon,
  }));
  const post = async (path: string, call: Call) => {
    const { statusCode = 0, headers = {} } = await handler(
      apiEvent('POST', `/webhooks/${path}`, call),
      lambdaContext(),
    );
    return { status: statusCode, headers };
  };
  return { post, published: () => published, deadLetters };
};
