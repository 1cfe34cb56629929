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
  coalesced: 'RevisionsCoalesced',
  misaddressed: 'EventsMisaddressed',
  unaddressed: 'EventsUnaddressed',
  parcelsEarly: 'ParcelsEarly',
  parcelsAmbiguous: 'ParcelsAmbiguous',
  parcelsUnclaimed: 'ParcelsUnclaimed',
  expired: 'NoticesExpired',
  unknown: 'OutcomesUnknown',
  refused: 'NoticesRefused',
  heldUnknown: 'UnknownHeld',
  heldRefused: 'RefusedHeld',
  unreadable: 'EventsUnreadable',
  unknownStatus: 'StatusesUnknown',
  webhooksTaken: 'WebhooksTaken',
  webhooksIgnored: 'WebhooksIgnored',
  webhooksRefused: 'WebhooksRefused',
  partnerIgnored: 'PartnerEventsIgnored',
  pinged: 'PingsSent',
  notPinged: 'PingsFailed',
} as const;

/**
 * Metrics in CloudWatch's embedded metric format, written to the log when a function ends. Reads POWERTOOLS_* from
 * the environment.
 */
export const createMetrics = (): Metrics => new Metrics({ namespace: 'ConversationsBridge' });
