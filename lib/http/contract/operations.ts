import * as agents from './agents.ts';
import * as notices from './notices.ts';
import type { Operation } from './operation.ts';
import * as pushedMessages from './pushed-messages.ts';
import * as visitors from './visitors.ts';
import { getOpenApi, receiveWebhook, webhookRoutes } from './webhooks.ts';

/** Every operation of the HTTP API. The webhooks of all sources are one. */
export const operations: readonly Operation[] = [
  ...[pushedMessages, notices, visitors, agents].flatMap((group) => Object.values<Operation>(group)),
  receiveWebhook,
  getOpenApi,
];

/** Every operation by its routes. */
export const routesWith = (sources: Parameters<typeof webhookRoutes>[0]): Operation[] =>
  operations.flatMap((each) => (each === receiveWebhook ? webhookRoutes(sources) : [each]));
