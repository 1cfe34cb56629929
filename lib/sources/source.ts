import type { OutgoingEvent } from '../bus/publisher.ts';
import { InvalidInput } from '../runtime/parse.ts';

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

/** Nothing for the bridge, and why. */
export const ignored = (reason: string): Reading => ({ kind: 'ignored', reason });

/** A topic or type as a reason may name it, which goes into a log. */
export const quoted = (topic: string | undefined): string =>
  topic !== undefined && /^[\w./-]{1,64}$/.test(topic) ? topic : 'none that could be named';

/**
 * A whole number that JavaScript would round comes as text: Shopify's sample order has the id 820982911946154508.
 * (Node 20 does not show a reviver the source, and rounds.)
 */
const exactly = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value;

/**
 * The JSON value that the bytes are.
 * @throws {InvalidInput} when they are no UTF-8 or no JSON
 */
export const jsonIn = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), exactly);
  } catch (cause) {
    // TypeError: no UTF-8; SyntaxError: no JSON; RangeError: nested too deeply to be read.
    const known = cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof RangeError;
    if (!known) throw cause;
    throw new InvalidInput('The webhook', [{ path: [], message: 'not JSON in UTF-8' }]);
  }
};
