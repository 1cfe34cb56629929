/** Sources for senders that are not built in, to be used in `bridge.config.ts`. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod/mini';
import { type EventInput, readEvent } from '../bus/events.ts';
import { envelopeTime } from '../bus/fields.ts';
import type { OutgoingEvent } from '../bus/publisher.ts';
import { InvalidInput, parse } from '../runtime/parse.ts';
import { matchesSecret } from '../runtime/secrets.ts';
import {
  type Algorithm,
  base64Bytes,
  type Clock,
  hexBytes,
  hmacOf,
  isSigned,
  refusals,
  signedTime,
  untimely,
} from './signature.ts';
import type { Reading, Source, Webhook } from './source.ts';
import { ignored, jsonIn } from './source.ts';
import { standard } from './standard/standard.ts';

/** How to read a webhook of a source. */
export interface Reader<Body> {
  /** The expected shape of the JSON body. A webhook without this shape is kept as a dead letter, with each invalid field. */
  body?: z.core.$ZodType<Body>;
  /**
   * The events of a webhook, each as docs/events.md describes it; or why there is none, for the log. It must not depend on
   * anything but the webhook, so that a repeated webhook has the same events.
   */
  read: (body: Body, webhook: Pick<Webhook, 'headers' | 'query'>) => readonly EventInput[] | string;
}

/** Where the signature is in a webhook. */
interface Signature {
  /** The header's name. */
  header: string;
  encoding: 'hex' | 'base64';
  /** What precedes the signature in the header: `sha256=`. */
  prefix?: string;
  /**
   * The header of the signed time, in seconds since 1970. `<time>.<body>` is signed, unless `before` returns something else to put
   * before the body. `webhooks.toleranceSeconds` of `bridge.config.ts` says how old a webhook may be, 300 seconds by default.
   */
  timestamp?: { header: string; before?: (timestamp: string) => string };
}

/** A sender that signs with a shared secret. */
export const hmacSource = <Body = unknown>({
  algorithm = 'sha256',
  ...how
}: Signature & { algorithm?: Algorithm } & Reader<Body>): Source => ({
  ...reading(how),
  refusal: (webhook, secrets, clock) =>
    signatureRefusal(how, webhook, clock, (content, signature) =>
      isSigned({ algorithm, content, keys: secrets, signatures: [signature] }),
    ),
  sign: ({ body, secret, now }) => {
    const seconds = `${Math.floor(now / 1000)}`;
    const signature = hmacOf(secret, [before(how, seconds), body], algorithm).toString(how.encoding);
    return {
      [how.header.toLowerCase()]: `${how.prefix ?? ''}${signature}`,
      ...(how.timestamp && { [how.timestamp.header.toLowerCase()]: seconds }),
    };
  },
});

/** A sender that signs with a private key: RSA (PKCS #1, SHA-256) or ed25519. The secret is its public key, in PEM. */
export const publicKeySource = <Body = unknown>({
  algorithm,
  ...how
}: Signature & { algorithm: 'rsa-sha256' | 'ed25519' } & Reader<Body>): Source => ({
  ...reading(how),
  refusal: (webhook, secrets, clock) =>
    signatureRefusal(how, webhook, clock, (content, signature) => {
      const whole = Buffer.concat(content.map((part) => Buffer.from(part)));
      return secrets.some((pem) => isSignedBy(pem, algorithm, whole, signature));
    }),
});

/** A sender that signs as Standard Webhooks does, with bodies of its own. */
export const standardSource = <Body = unknown>(how: Reader<Body>): Source => ({
  ...standard,
  ...reading(how),
});

/**
 * A sender that proves nothing but the knowledge of a secret, which is in a header of each webhook. Whoever sees one webhook
 * can send any other, and change this one. Use it only if the sender cannot sign.
 */
export const tokenSource = <Body = unknown>(
  how: { header: string; prefix?: string } & Reader<Body>,
): Source => ({
  ...reading(how),
  isUnsigned: true,
  refusal: ({ headers }, secrets) => {
    const token = given(how, headers);
    if (token === undefined) return refusals.noHeader;
    return matchesSecret([token], secrets) ? undefined : 'no secret matches a configured one';
  },
  sign: ({ secret }) => ({ [how.header.toLowerCase()]: `${how.prefix ?? ''}${secret}` }),
});

/** The value of a header after its prefix; undefined if it has another. */
const given = (
  { header, prefix = '' }: { header: string; prefix?: string },
  headers: Webhook['headers'],
): string | undefined => {
  const value = headers[header.toLowerCase()];
  return value?.startsWith(prefix) === true ? value.slice(prefix.length) : undefined;
};

/** What precedes the body in what is signed. */
const before = ({ timestamp }: Signature, seconds: string): string =>
  timestamp === undefined ? '' : (timestamp.before?.(seconds) ?? `${seconds}.`);

const signatureRefusal = (
  how: Signature,
  { headers, body }: Webhook,
  clock: Clock,
  isGenuine: (content: readonly (string | Uint8Array)[], signature: Buffer) => boolean,
): string | undefined => {
  const { encoding, timestamp } = how;
  if (headers[how.header.toLowerCase()] === undefined) return refusals.noHeader;
  const signature = (encoding === 'hex' ? hexBytes : base64Bytes)(given(how, headers) ?? '');
  const seconds = timestamp === undefined ? '0' : (headers[timestamp.header.toLowerCase()] ?? '');
  const at = signedTime(seconds);
  if (signature === undefined || at === undefined) return refusals.malformed;
  if (!isGenuine([before(how, seconds), body], signature)) return refusals.noMatch;
  return timestamp === undefined ? undefined : untimely(at, clock);
};

const keyTypes = { 'rsa-sha256': 'rsa', ed25519: 'ed25519' } as const;

/** A secret that is no public key, or one of another kind, has signed nothing. */
const isSignedBy = (
  pem: string,
  algorithm: keyof typeof keyTypes,
  content: Uint8Array,
  signature: Uint8Array,
): boolean => {
  try {
    const key = createPublicKey(pem);
    const isRight = key.asymmetricKeyType === keyTypes[algorithm];
    return isRight && verify(algorithm === 'ed25519' ? null : 'sha256', content, key, signature);
  } catch {
    return false;
  }
};

const reading = <Body>(how: Reader<Body>): Pick<Source, 'read' | 'accepted'> => ({
  read: ({ body, headers, query }, now): Reading => {
    const events = readBy(how, jsonIn(body), { headers, query });
    if (typeof events === 'string') return ignored(events);
    if (events.length === 0) return ignored('the source reads no event in it');
    return { kind: 'events', events: events.map((event, index) => outgoing(event, index, now)) };
  },
  accepted: 200,
});

/** @throws {InvalidInput} if the body has another shape, or if the shop's own function fails on it */
const readBy = <Body>(
  { body: schema, read }: Reader<Body>,
  body: unknown,
  webhook: Pick<Webhook, 'headers' | 'query'>,
): readonly EventInput[] | string => {
  const parsed = parse(schema ?? z.custom<Body>(), body, 'The webhook');
  try {
    return read(parsed, webhook);
  } catch (cause) {
    // Only the engine's own messages are sure to quote nothing of the webhook.
    const why = cause instanceof TypeError ? cause.message : cause instanceof Error ? cause.name : 'unknown';
    const faults = [{ path: [], message: `the source in bridge.config.ts failed: ${why}` }];
    throw new InvalidInput('The webhook', faults, { cause });
  }
};

/**
 * An event for the bus, with an id that is the same for every delivery.
 * @throws {InvalidInput} naming every field of the event that the bridge would refuse
 */
const outgoing = ({ type, data }: EventInput, index: number, now: number): OutgoingEvent => {
  const id = createHash('sha256')
    .update(JSON.stringify([type, data]))
    .digest('base64url');
  const time = new Date(now).toISOString();
  try {
    const event = readEvent({
      'detail-type': type,
      time,
      detail: { metadata: { id, timestamp: time }, data },
    });
    const at = 'occurredAt' in event.data ? event.data.occurredAt : now;
    return { type, id, at: envelopeTime(at, now), data };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const faults = error.faults.map(({ path, message }) => ({
      path: ['events', index, ...path.slice(path[0] === 'detail' ? 2 : 0)],
      message,
    }));
    throw new InvalidInput('The webhook', faults, { cause: error });
  }
};
