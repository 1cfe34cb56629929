import { Logger } from '@aws-lambda-powertools/logger';

export type { Logger };

/**
 * Every message that the bridge logs. Details go into separate fields, which never contain a chat text, a key, an
 * e-mail address or a whole event.
 */
export const messages = {
  started: 'function started',
  finished: 'function finished',
  crashed: 'function failed',
  unreadable: 'event unreadable, sent to the dead-letter queue',
  notDeadLettered: 'event unreadable, dead-letter queue refused it, will retry',
  unknownStatus: 'status unknown, add it to the statusMap of bridge.config.ts',
  notMapped: 'event mapping failed, will retry',
  ingested: 'event ingested',
  unclaimed: 'parcel event dropped, its order did not come in time',
  notIngested: 'event could not be stored, will retry',
  noticeUnreadable: 'stored notice unreadable, left alone',
  notReconciled: 'notice could not be reconciled, will retry',
  claimed: 'calling Brevo',
  called: 'Brevo called',
  hadNoEffect: 'Brevo call had no effect, will retry',
  needsOperator: 'notice held, needs an operator',
  delivered: 'pending notices delivered',
  expired: 'notice expired before it could be sent',
  leaseLost: 'lease lost during the call to Brevo',
  notPublished: 'outcome could not be published',
  pinged: 'agents pinged',
  staleSecrets: 'secrets could not be read, using the last known ones',
  notPinged: 'agent could not be pinged',
  erased: 'visitor erased',
  notErased: 'visitor could not be erased, will retry',
  webhookTaken: 'webhook accepted',
  webhookRefused: 'webhook refused',
  webhookIgnored: 'webhook ignored',
  webhookUnreadable: 'webhook unreadable, sent to the dead-letter queue',
  webhookNotTaken: 'webhook not accepted, its events could not be put on the bus',
  registered: 'shop registered',
  registrationRefused: 'registration refused',
  partnerIgnored: 'partner event ignored',
  seenUnknown: 'record of published messages not available, a message may be published twice',
  requestRefused: 'request refused',
  notTaken: 'no request could be taken from the budget, will retry',
  notReported: 'budget could not be updated after a call to Brevo',
} as const;

/** A logger that writes JSON lines. Reads POWERTOOLS_* from the environment. */
export const createLogger = (): Logger => new Logger();
