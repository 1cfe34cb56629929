import { Logger } from '@aws-lambda-powertools/logger';
import { vi } from 'vitest';
import * as z from 'zod/mini';
import { createHandler } from '../../functions/receive-webhook.ts';
import { createHandler as createRegistering } from '../../functions/register-source.ts';
import { sources } from '../../lib/sources/sources.ts';
import { secretOf } from '../../tools/samples/webhooks.ts';
import { DroppedMetrics } from '../../tools/simulation/function.ts';
import { apiEvent, type Call } from './http-api.ts';
import { noon } from './incoming.ts';
import { lambdaContext } from './lambda-context.ts';

/** The functions that receive webhooks and register shops, at noon, with a bus that only counts. */
export const startReceiver = ({
  logger = new Logger({ logLevel: 'SILENT' }),
  secretsOf = (source: string): string[] => [secretOf(source)],
} = {}) => {
  let published = 0;
  const deadLetters: string[] = [];
  const metrics = new DroppedMetrics({ namespace: 'test' });
  const adding = vi.spyOn(metrics, 'addMetric');
  const service = async () => ({
    logger,
    metrics,
    tokens: async () => [],
    origins: [],
    sources,
    toleranceSeconds: {},
    webhookSecrets: async (source: string) => secretsOf(source),
    publish: async (_: string, events: readonly unknown[]) => {
      published += events.length;
    },
    deadLetter: async (_: string, reason: string) => void deadLetters.push(reason),
    now: () => noon,
  });
  const handler = createHandler(service);
  const registering = createRegistering(service);
  const post = async (path: string, call: Call) => {
    const { statusCode = 0, headers = {} } = await handler(
      apiEvent('POST', `/webhooks/${path}`, call),
      lambdaContext(),
    );
    return { status: statusCode, headers };
  };
  /** Registers a shop: the answer and its body. */
  const register = async (query: string, headers: Record<string, string>, source = 'shopware') => {
    const routeKey = `GET /webhooks/${source}`;
    const event = { ...apiEvent('GET', `/webhooks/${source}?${query}`, { headers }), routeKey };
    const { statusCode = 0, body = '{}' } = await registering(event, lambdaContext());
    return { status: statusCode, body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)) };
  };
  return {
    post,
    register,
    published: () => published,
    counted: () => adding.mock.calls.map(([name]) => name),
    deadLetters,
  };
};
