import { type OutgoingEvent, PublishFailed } from '../bus/publisher.ts';
import { type Logger, messages } from '../runtime/log.ts';
import type { SourceName } from '../runtime/secrets.ts';
import type { SeenMessages } from './seen-messages.ts';

/** Shopify waits for five seconds in all, the network there and back included. Milliseconds. */
const patienceMs = 2_500;

interface Options {
  /** A publisher that names this as the source of its events. */
  publisher: (source: string) => (events: readonly OutgoingEvent[]) => Promise<void>;
  seen: SeenMessages;
  logger: Logger;
  /** Waits for so many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
}

/** The bridge's own rule takes no events of this source: they are for other systems. */
const forOthers = 'conversations-bridge';

const isForOthers = ({ type }: OutgoingEvent): boolean => type.startsWith('conversation.');

const idsReceived = (events: readonly OutgoingEvent[]): string[] =>
  events.filter(({ type }) => type === 'conversation.message_received').map(({ id }) => id);

/**
 * Puts what a webhook says on the bus, in time for its sender; a message that was published before is left out.
 * @returns a function that throws {PublishFailed} when not all is known to be on the bus in time
 */
export const createPutOnBus = ({ publisher, seen, logger, pause }: Options) => {
  const unseen = async (events: readonly OutgoingEvent[]): Promise<OutgoingEvent[]> => {
    try {
      const known = await seen.among(idsReceived(events));
      return events.filter(({ id }) => !known.has(id));
    } catch (error) {
      // Once too often is better than never: who listens knows messages by their ids.
      logger.warn(messages.seenUnknown, { reason: String(error) });
      return [...events];
    }
  };

  const remember = async (events: readonly OutgoingEvent[]): Promise<void> => {
    try {
      await seen.note(idsReceived(events));
    } catch (error) {
      logger.warn(messages.seenUnknown, { reason: String(error) });
    }
  };

  const put = async (source: SourceName, events: readonly OutgoingEvent[]): Promise<void> => {
    const fresh = await unseen(events);
    await Promise.all([
      publisher(forOthers)(fresh.filter(isForOthers)),
      publisher(`webhooks.${source}`)(fresh.filter((event) => !isForOthers(event))),
    ]);
    await remember(fresh);
  };

  return async (source: SourceName, events: readonly OutgoingEvent[]): Promise<void> => {
    const late = pause(patienceMs).then(() => {
      throw new PublishFailed(events.map((event) => ({ event, code: 'TooLate' })));
    });
    await Promise.race([put(source, events), late]);
  };
};
