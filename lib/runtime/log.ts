import { Logger } from '@aws-lambda-powertools/logger';

export type { Logger };

/** Every message that the bridge logs. Facts go into fields beside it: never a text, a key, an e-mail address or a whole event. */
export const messages = {
  started: 'function started',
  finished: 'function finished',
  crashed: 'function failed',
  unreadable: 'event unreadable, sent to the dead-letter queue',
  notDeadLettered: 'event unreadable, and the dead-letter queue did not take it',
  notUnderstood: 'event could not be turned into a wish, to be tried again',
  recorded: 'wish recorded',
  notStored: 'wish could not be stored',
  notReconciled: 'notice could not be reconciled, to be tried again',
  claimed: 'calling Brevo',
  told: 'Brevo called',
  notTold: 'Brevo call without effect, to be tried again',
  needsPerson: 'notice needs a person',
  delivered: 'pending notices delivered',
  expired: 'wish came too late to be told',
  leaseLost: 'lease lost during the call to Brevo',
  notPublished: 'outcome could not be published',
  pinged: 'agents pinged',
  staleSecrets: 'secrets could not be read again, the known ones stay in use',
  notPinged: 'agent could not be pinged',
  erased: 'visitor erased',
  notErased: 'visitor could not be erased, to be tried again',
  webhookTaken: 'webhook taken',
  webhookIgnored: 'webhook ignored',
  webhookUnreadable: 'webhook unreadable, sent to the dead-letter queue',
  webhookNotTaken: 'webhook not taken, the bus refused its events',
  seenUnknown: 'whether messages were told of before is not known',
  requestRefused: 'request refused',
  notReported: 'an answer of Brevo could not be noted in the budget',
} as const;

/** A logger that writes JSON lines. Reads POWERTOOLS_* from the environment. */
export const createLogger = (): Logger => new Logger();
