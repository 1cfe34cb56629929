import * as agents from './agents.ts';
import * as notices from './notices.ts';
import type { Operation } from './operation.ts';
import * as pushedMessages from './pushed-messages.ts';
import * as visitors from './visitors.ts';
import { getOpenApi, webhookRoutes } from './webhooks.ts';

/** Every operation of the HTTP API. */
export const operations: readonly Operation[] = [
  ...[pushedMessages, notices, visitors, agents].flatMap((group) => Object.values<Operation>(group)),
  ...webhookRoutes,
  getOpenApi,
];
