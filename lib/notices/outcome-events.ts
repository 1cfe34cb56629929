import type { OutgoingEvent } from '../bus/publisher.ts';
import type { Outcome } from './deliver.ts';
import type { Notice, Step } from './notice.ts';

/** What the bridge reports to other systems on the bus. Best effort: the notice is the truth. */
type OutcomeType =
  | 'message.pushed'
  | 'message.updated'
  | 'message.deleted'
  | 'message.refused'
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

const about = ({ reference, revision, desired, visitorId }: Notice): Facts => ({
  reference,
  revision,
  ...(desired?.status === undefined || desired.status === '' ? {} : { status: desired.status }),
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
      return outcomeEvent('message.refused', { ...data, ...messageOf(step), reason: outcome.reason }, at);
    case 'unknown':
      return step.kind === 'post'
        ? outcomeEvent('message.outcome_unknown', { ...data, reason: outcome.reason }, at)
        : undefined;
    case 'missing':
    case 'no-effect':
      return undefined;
  }
};

/** The event for a desired state that came too late to be sent. */
export const expiredEvent = (notice: Notice, at: number): OutgoingEvent =>
  outcomeEvent('message.expired', about(notice), at);

const messageOf = (step: Step): { messageId?: string } =>
  step.kind === 'post' ? {} : { messageId: step.messageId };
