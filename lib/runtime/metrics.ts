import { Metrics } from '@aws-lambda-powertools/metrics';

export type { Metrics };

/** Every metric of the bridge. */
export const metricNames = {
  budgetRemaining: 'BudgetRemaining',
  budgetPaused: 'BudgetPaused',
  waiting: 'NoticesWaiting',
  oldestWaiting: 'OldestWaiting',
  timeToChat: 'TimeToChat',
  posted: 'MessagesSent',
  edited: 'MessagesEdited',
  deleted: 'MessagesDeleted',
  coalesced: 'WishesCoalesced',
  misaddressed: 'WishesMisaddressed',
  unaddressed: 'WishesUnaddressed',
  expired: 'NoticesExpired',
  unknown: 'OutcomesUnknown',
  failed: 'NoticesFailed',
  heldUnknown: 'UnknownHeld',
  heldFailed: 'FailedHeld',
  unreadable: 'EventsUnreadable',
  webhooksTaken: 'WebhooksTaken',
  webhooksIgnored: 'WebhooksIgnored',
  webhooksRefused: 'WebhooksRefused',
  pinged: 'PingsSent',
  notPinged: 'PingsFailed',
} as const;

/** Metrics in CloudWatch's embedded format, written to the log when a function ends. Reads POWERTOOLS_* from the environment. */
export const createMetrics = (): Metrics => new Metrics({ namespace: 'ConversationsBridge' });
