import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { readEvent } from '../../../lib/bus/events.ts';
import { InvalidInput } from '../../../lib/runtime/parse.ts';
import { type Act, action, faulty } from '../act.ts';
import type { PutEvents } from './put-events.ts';

const ownEvent = z.object({ type: z.string(), data: z.unknown() });

/**
 * An event of one's own, as it goes on the bus.
 *
 * @throws InvalidInput naming each field of `data` at fault, as the bridge would when it reads the event
 */
function checked({ type, data }: z.infer<typeof ownEvent>) {
  const time = new Date().toISOString();
  const detail = { metadata: { id: randomUUID(), timestamp: time }, data };
  try {
    readEvent({ time, 'detail-type': type, detail });
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(
      `The event ${type}`,
      error.faults.map(({ path, message }) => ({
        path: path[0] === 'detail' ? path.slice(2) : path,
        message,
      })),
    );
  }
  return { Source: 'shop.console', DetailType: type, Detail: JSON.stringify(detail) };
}

/** Says what the bridge would say to an event, without sending it: that it has faults is an answer, too. */
export const checkEvent: Act = action(ownEvent, async (event) => {
  try {
    checked(event);
    return 'The bridge can read this.';
  } catch (error) {
    if (error instanceof InvalidInput) return faulty(error);
    throw error;
  }
});

/** Puts an event of one's own on the bus, if the bridge can read it. */
export const sendEvent = (putEvents: PutEvents): Act =>
  action(ownEvent, async (event) => {
    await putEvents([checked(event)]);
    return `${event.type} is on the bus.`;
  });
