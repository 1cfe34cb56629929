import type { OutgoingEvent } from '../bus/publisher.ts';
import { type Logger, messages } from '../runtime/log.ts';
import type { Outcome } from './lease.ts';
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

export interface Deps {
  publish: (events: OutgoingEvent[]) => Promise<void>;
  logger: Logger;
}

/** Others may want to know; the notice is the truth, so that a bus that is down holds nothing up. */
export const publishOutcome = async (
  { publish, logger }: Deps,
  ...events: readonly OutgoingEvent[]
): Promise<void> => {
  if (events.length === 0) return;
  try {
    await publish([...events]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn(messages.notPublished, { types: events.map(({ type }) => type), reason });
  }
};

/**
 * A worker whose announcements wait until they are all made together: ten cost no more than one, and no call to Brevo waits
 * for the bus.
 */
export const collectingOutcomes = <Each extends Deps>(worker: Each) => {
  const events: OutgoingEvent[] = [];
  const publish = async (more: readonly OutgoingEvent[]): Promise<void> => void events.push(...more);
  return { worker: { ...worker, publish }, publishAll: () => publishOutcome(worker, ...events) };
};
