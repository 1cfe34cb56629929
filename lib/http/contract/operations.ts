import * as agents from './agents.ts';
import * as notices from './notices.ts';
import type { Operation } from './operation.ts';
import * as pushedMessages from './pushed-messages.ts';
import * as visitors from './visitors.ts';
import * as webhooks from './webhooks.ts';

/** Every operation of the HTTP API: all exports of these files. */
export const operations: readonly Operation[] = [pushedMessages, notices, visitors, agents, webhooks].flatMap(
  (group) => Object.values<Operation>(group),
);
