import type { OutgoingEvent } from '../bus/publisher.ts';
import { exactly, InvalidInput } from '../runtime/parse.ts';
import type { Clock } from './signature.ts';

/** A webhook as received. */
export interface Webhook {
  /** Header names are in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** The exact bytes that were sent, which are what is signed. */
  body: Buffer;
}

/** The request of a shop that asks which secret to sign its webhooks with. */
export interface Registration {
  /** Header names are in lower case. */
  headers: Webhook['headers'];
  /** The exact query that was sent, which is what is signed. */
  query: string;
  /** Where the shop is to send its webhooks. */
  address: string;
}

/** The result of reading a genuine webhook. */
export type Reading =
  /** Events to put on the bus. */
  | { kind: 'events'; events: OutgoingEvent[] }
  /** No events: the topic is unknown, or the data leads to no message. Such a webhook is counted and accepted. */
  | { kind: 'ignored'; reason: string };

/** A body to sign. */
interface Unsigned {
  body: string | Uint8Array;
  secret: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Identifies the delivery, for senders that sign an id. */
  id: string;
}

/** A sender of webhooks: how to verify its webhooks, and how to read them. */
export interface Source {
  /** `whsec_` and base64, as Standard Webhooks writes secrets. Otherwise, any text is a secret. */
  secretForm?: 'whsec';
  /**
   * The headers by which the sender proves a body, for samples and tests. Absent if this takes a private key, which only
   * the sender has.
   */
  sign?: (unsigned: Unsigned) => Record<string, string>;
  /** Webhooks carry a secret and no signature, so that whoever sees one can send any other. `npm run doctor` warns of it. */
  isUnsigned?: true;
  /**
   * Why it is not proven that the sender of the webhook knows one of the secrets, and signed it recently if the time is
   * signed; undefined if it is. Reads nothing else of the webhook first. The reason never quotes the webhook.
   * @param secrets several during a rotation; an empty one matches nothing
   */
  refusal: (webhook: Webhook, secrets: readonly string[], clock: Clock) => string | undefined;
  /**
   * Registers a shop that knows one of the secrets, for senders that sign only after that.
   * @returns the body of the answer, which holds a secret; or why the shop is refused, which never quotes the request
   */
  register?: (
    registration: Registration,
    secrets: readonly string[],
    clock: Clock,
  ) => Record<string, string> | string;
  /**
   * Reads a genuine webhook.
   * @param now milliseconds since 1970, for senders that do not give a time
   * @throws {InvalidInput} if the body does not fit its topic
   */
  read: (webhook: Webhook, now: number) => Reading;
  /** The status that the sender treats as success. */
  accepted: 200 | 202;
}

/**
 * Reads the detail of a partner's event.
 * @param now when EventBridge took the event, in milliseconds since 1970
 * @throws {InvalidInput} if the detail cannot be read
 */
export type ReadDetail = (detail: unknown, now: number) => Reading;

/** A webhook without events, and the reason. */
export const ignored = (reason: string): Reading => ({ kind: 'ignored', reason });

/** A topic or type as part of a logged reason; replaced if it may contain anything unexpected. */
export const quoted = (topic: string | undefined): string =>
  topic !== undefined && /^[\w./-]{1,64}$/.test(topic) ? topic : '(not a plain name)';

/** A webhook whose status says nothing to a customer, or which the sender has added since. */
export const unsaid = (status: string | undefined, isKnown: boolean): Reading =>
  ignored(`${isKnown ? 'no message for the status' : 'unknown status:'} ${quoted(status)}`);

/**
 * Parses a body as JSON.
 * @throws {InvalidInput} if it is not UTF-8 or not JSON
 */
export const jsonIn = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), exactly);
  } catch (cause) {
    // TypeError: not UTF-8. SyntaxError: not JSON. RangeError: nested too deeply.
    const known = cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof RangeError;
    if (!known) throw cause;
    throw new InvalidInput('The webhook', [{ path: [], message: 'not valid JSON in UTF-8' }]);
  }
};
