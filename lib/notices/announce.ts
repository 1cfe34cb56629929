import type { OutgoingEvent } from '../bus/publisher.ts';
import { type Logger, messages } from '../log.ts';

export interface Announcer {
  publish: (events: OutgoingEvent[]) => Promise<void>;
  logger: Logger;
}

/** Others may want to know; the notice is the truth, so that a bus that is down holds nothing up. */
export const announce = async ({ publish, logger }: Announcer, event: OutgoingEvent): Promise<void> => {
  try {
    await publish([event]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn(messages.notPublished, { type: event.type, reason });
  }
};
