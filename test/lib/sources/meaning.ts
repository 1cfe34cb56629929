/** What samples of webhooks mean. Each source has a file in `meanings/`. */

export interface Meaning {
  type: string;
  at: string;
  data: object;
}

export const visitorId = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';
export const tracking = 'https://tracking.example.com';

/** An order event has the time at which the change occurred. */
export const changed = (occurredAt: string, data: object): Meaning => ({
  type: 'order.status_changed',
  at: occurredAt,
  data: { ...data, occurredAt },
});

/** What a carrier reports. */
export const moved = (occurredAt: string, data: object): Meaning => ({
  ...changed(occurredAt, data),
  type: 'parcel.status_changed',
});

export const withdrawn = (occurredAt: string, reference: string): Meaning => ({
  type: 'notice.withdrawn',
  at: occurredAt,
  data: { reference, occurredAt },
});

/** The events of each sample by its name, with their times; or why there are none. */
export type Meanings = Readonly<Record<string, Meaning[] | string>>;
