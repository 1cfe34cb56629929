/** An event of the shop, and what it means to have told. */

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

export interface WorldEvent {
  id: string;
  /** When it truly happens. Milliseconds since 1970. */
  at: number;
  source: keyof typeof clocksAhead;
  type: string;
  data: object;
  expected: Expected[];
}

/** By so much each system's clock is fast. Milliseconds. */
export const clocksAhead = { 'shop.orders': 7_000, 'shop.warehouse': 41_000, 'shop.marketing': 0 } as const;

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
