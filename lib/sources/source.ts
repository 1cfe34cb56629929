import type { OutgoingEvent } from '../bus/publisher.ts';

/** A webhook as it arrived. */
export interface Webhook {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** The very bytes that were sent: what is signed. */
  body: Buffer;
}

/** What a genuine webhook comes to. */
export type Reading =
  /** Something happened that the bus is to know. */
  | { kind: 'events'; events: OutgoingEvent[] }
  /** Nothing for the bridge: a topic it does not know, or data that say nothing. Counted, and answered like any other. */
  | { kind: 'ignored'; reason: string };

/** A sender of webhooks: how its own are distinguished from others', and what they mean. */
export interface Source {
  /**
   * Whether the webhook was made by somebody who knows one of the secrets, and lately where the time is signed. Looks at
   * nothing else of it before.
   * @param secrets several during a rotation; an empty one opens nothing
   * @param now milliseconds since 1970
   */
  isGenuine: (webhook: Webhook, secrets: readonly string[], now: number) => boolean;
  /**
   * Reads a genuine webhook.
   * @param now milliseconds since 1970, for senders that do not say when something happened
   * @throws {InvalidInput} when a known topic comes in a shape that it cannot have
   */
  read: (webhook: Webhook, now: number) => Reading;
  /** The status that the sender takes for a yes. */
  accepted: 200 | 202;
}
