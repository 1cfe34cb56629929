import { type OutgoingEvent, PublishFailed } from '../bus/publisher.ts';
import { type Logger, messages } from '../runtime/log.ts';
import type { SeenMessages } from './seen-messages.ts';

/** Shopify waits for five seconds in total, including the network. Milliseconds. */
const patienceMs = 2_500;

interface Options {
  /** Creates a publisher that uses this as the source of its events. */
  publisher: (source: string) => (events: readonly OutgoingEvent[]) => Promise<void>;
  seen: SeenMessages;
  logger: Logger;
  /** Waits for this many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
}

/** The bridge's own rule excludes this source, so these events reach other systems only. */
const forOthers = 'conversations-bridge';

const isForOthers = ({ type }: OutgoingEvent): boolean => type.startsWith('conversation.');

const idsReceived = (events: readonly OutgoingEvent[]): string[] =>
  events.filter(({ type }) => type === 'conversation.message_received').map(({ id }) => id);

/**
 * Puts the events of a webhook on the bus, quickly enough for its sender. Omits messages that were already published.
 * @returns a function that throws {PublishFailed} if some events are not known to be on the bus in time
 */
export const createPutOnBus = ({ publisher, seen, logger, pause }: Options) => {
  const unseen = async (events: readonly OutgoingEvent[]): Promise<OutgoingEvent[]> => {
    try {
      const known = await seen.among(idsReceived(events));
      return events.filter(({ id }) => !known.has(id));
    } catch (error) {
      // A duplicate is better than a loss. Consumers can recognise it by the message's id.
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

  const put = async (source: string, events: readonly OutgoingEvent[]): Promise<void> => {
    const fresh = await unseen(events);
    await Promise.all([
      publisher(forOthers)(fresh.filter(isForOthers)),
      publisher(`webhooks.${source}`)(fresh.filter((event) => !isForOthers(event))),
    ]);
    await remember(fresh);
  };

  return async (source: string, events: readonly OutgoingEvent[]): Promise<void> => {
    const late = pause(patienceMs).then(() => {
      throw new PublishFailed(events.map((event) => ({ event, code: 'TooLate' })));
    });
    await Promise.race([put(source, events), late]);
  };
};
