/** The events of the shop: whom they are about, what each should bring about, and how they arrive. */
import { createHmac } from 'node:crypto';
import type { Message } from '../brevo/state.ts';
import type { Clock } from './clock.ts';
import { between, type Random } from './random.ts';

export const visitorIdSecret = 'simulated-visitor-secret';

/** Named by the visitor's id where the chat was opened without an account. */
export interface Customer {
  id: string;
  isGuest: boolean;
}

export const visitorIdOf = ({ id, isGuest }: Customer): string =>
  isGuest ? `visitor-${id}` : createHmac('sha256', visitorIdSecret).update(id).digest('hex');

export const named = (who: Customer): object =>
  who.isGuest ? { visitorId: visitorIdOf(who) } : { customerId: who.id };

/** What a visitor should read about one subject from now on. */
export interface Expected {
  reference: string;
  visitorId: string;
  /** Absent: nothing. */
  text: string | undefined;
  /** Whether the messages before it are to be gone. */
  standsAlone: boolean;
  /** Of the desired states for one subject the one with the highest place counts: by epoch, then status, then time. */
  place: readonly [epoch: number, rank: number, at: number];
}

/** Something that changes what is to be read, by an event or by an operator. */
export interface StatedEvent {
  id: string;
  /** When it truly happens. Milliseconds since 1970. */
  at: number;
  expected: Expected[];
}

export interface WorldEvent extends StatedEvent {
  source: keyof typeof clocksAhead;
  type: string;
  data: object;
}

/** By so much each system's clock is fast. Milliseconds. */
export const clocksAhead = {
  'shop.orders': 7_000,
  'shop.warehouse': 41_000,
  'shop.marketing': 0,
  brevo: 0,
} as const;

/** An event as EventBridge hands it to the queue. `putAt` in milliseconds since 1970. */
export const envelopeOf = ({ id, source, type, data, at }: WorldEvent, copy: number, putAt: number): string =>
  JSON.stringify({
    version: '0',
    id: `${id}-${copy}`,
    'detail-type': type,
    source,
    account: '000000000000',
    time: new Date(Math.floor(putAt / 1000) * 1000).toISOString(),
    region: 'eu-west-1',
    resources: [],
    detail: {
      metadata: {
        id,
        version: '1',
        timestamp: new Date(at + clocksAhead[source]).toISOString(),
        domain: 'orders',
        service: source,
        type,
      },
      data,
    },
  });

/** The bus takes an event when the shop's system sends it, which is a little later; milliseconds. */
const mostSendingMs = 1_000;

/**
 * Has each event come, most within seconds, some after minutes.
 * @param copies how many times each comes
 * @returns when each event came first, by its id; filled as they come
 */
export const deliver = (
  { clock, random, add }: { clock: Clock; random: Random; add: (body: string) => void },
  events: readonly WorldEvent[],
  copies = 3,
): Map<string, number> => {
  const arrivals = new Map<string, number>();
  for (const event of events) {
    for (let copy = 1; copy <= copies; copy++) {
      const delayMs = delay(random);
      const putAt = event.at + Math.min(mostSendingMs, delayMs);
      clock.after(event.at + delayMs - clock.now(), () => {
        if (!arrivals.has(event.id)) arrivals.set(event.id, clock.now());
        add(envelopeOf(event, copy, putAt));
      });
    }
  }
  return arrivals;
};

const delay = (random: Random): number => {
  const draw = random();
  if (draw < 0.6) return between(random, 100, 2_000);
  return draw < 0.9 ? between(random, 2_000, 60_000) : between(random, 60_000, 480_000);
};

/** Brevo says of so many messages, some minutes later, that a visitor sees them. */
const seenShare = 0.3;
const looksEveryMs = 10 * 60_000;

/** Has Brevo's own webhook report messages that are shown. */
export const reportSeen = (options: {
  clock: Clock;
  random: Random;
  add: (body: string) => void;
  messages: () => readonly Message[];
}): void => {
  const { clock, random, add, messages } = options;
  let known = 0;
  const report = (id: string) => {
    const shown = messages().find((message) => message.id === id);
    if (shown === undefined || shown.deletedAt !== null) return;
    const { visitorId, text } = shown;
    const at = clock.now();
    const data = { visitorId, messageId: id, text };
    add(
      envelopeOf({ id: `seen-${id}`, at, source: 'brevo', type: 'message.seen', data, expected: [] }, 1, at),
    );
  };
  const look = (): void => {
    const all = messages();
    for (const { id } of all.slice(known)) {
      if (random() < seenShare) clock.after(between(random, 0, 30 * 60_000), () => report(id));
    }
    known = all.length;
    clock.after(looksEveryMs, look);
  };
  look();
};
