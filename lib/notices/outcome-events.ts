import type { OutgoingEvent } from '../bus/publisher.ts';
import type { Outcome } from './deliver.ts';
import type { Notice, Step } from './notice.ts';

/** What the bridge tells other systems on the bus. Best effort: the notice is the truth. */
type OutcomeType =
  | 'message.pushed'
  | 'message.updated'
  | 'message.deleted'
  | 'message.failed'
  | 'message.outcome_unknown'
  | 'message.expired';

interface Facts {
  reference: string;
  revision: number;
  status?: string;
  visitorId?: string;
  messageId?: string;
  reason?: string;
}

const about = ({ reference, revision, wish, visitorId }: Notice): Facts => ({
  reference,
  revision,
  ...(wish?.status === undefined || wish.status === '' ? {} : { status: wish.status }),
  ...(visitorId === undefined ? {} : { visitorId }),
});

const outcomeEvent = (type: OutcomeType, data: Facts, at: number): OutgoingEvent => ({
  type,
  id: [type, data.reference, data.revision, data.messageId].filter((part) => part !== undefined).join(':'),
  at,
  data,
});

/** The event for what came of a call, if it is worth one: a call to be made again is not. */
export const eventOf = (
  notice: Notice,
  step: Step,
  outcome: Outcome,
  at: number,
): OutgoingEvent | undefined => {
  const data = about(notice);
  switch (outcome.kind) {
    case 'posted':
      return outcomeEvent('message.pushed', { ...data, messageId: outcome.messageId }, at);
    case 'edited':
      return outcomeEvent('message.updated', { ...data, ...messageOf(step) }, at);
    case 'deleted':
      return outcomeEvent('message.deleted', { ...data, ...messageOf(step) }, at);
    case 'refused':
      return outcomeEvent('message.failed', { ...data, ...messageOf(step), reason: outcome.reason }, at);
    case 'unknown':
      return step.kind === 'post'
        ? outcomeEvent('message.outcome_unknown', { ...data, reason: outcome.reason }, at)
        : undefined;
    case 'missing':
    case 'not-applied':
      return undefined;
  }
};

/** The event for a wish that came too late to be told. */
export const expiredEvent = (notice: Notice, at: number): OutgoingEvent =>
  outcomeEvent('message.expired', about(notice), at);

const messageOf = (step: Step): { messageId?: string } =>
  step.kind === 'post' ? {} : { messageId: step.messageId };
