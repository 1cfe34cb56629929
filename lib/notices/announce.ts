import type { OutgoingEvent } from '../bus/publisher.ts';
import { type Logger, messages } from '../runtime/log.ts';

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
