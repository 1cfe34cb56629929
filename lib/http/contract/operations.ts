import * as agentMessages from './agents.ts';
import * as agents from './agents.ts';
import * as notices from './notices.ts';
import type { AnyOperation } from './operation.ts';
import * as pushedMessages from './pushed-messages.ts';
import * as visitors from './visitors.ts';
import * as document from './webhooks.ts';
import * as webhooks from './webhooks.ts';

/** Every operation of the HTTP API. */
export const operations: readonly AnyOperation[] = [
  pushedMessages.postPushedMessage,
  pushedMessages.getPushedMessage,
  pushedMessages.updatePushedMessage,
  pushedMessages.deletePushedMessage,
  notices.listNotices,
  notices.getNotice,
  notices.updateNotice,
  notices.withdrawNotice,
  notices.resolveNotice,
  visitors.eraseVisitor,
  visitors.getErasure,
  agentMessages.postAgentMessage,
  agentMessages.getAgentMessage,
  agentMessages.updateAgentMessage,
  agentMessages.deleteAgentMessage,
  agents.pingAgent,
  webhooks.receiveWebhook,
  document.getOpenApi,
];
