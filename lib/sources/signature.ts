import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The bytes that a base64 text stands for; undefined unless it is the one text that base64 (RFC 4648, padded) has for
 * them. Node's own decoder skips over whatever it does not know.
 */
export const base64Bytes = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

/** The bytes that a hexadecimal text in lower case stands for; undefined when it is none. */
export const hexBytes = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'hex');
  return bytes.toString('hex') === text ? bytes : undefined;
};

export interface Claim {
  /** What is signed, in parts. */
  content: readonly (string | Uint8Array)[];
  /** Several during a rotation. An empty one opens nothing, although it makes a valid signature. */
  keys: readonly (string | Uint8Array)[];
  signatures: readonly Uint8Array[];
}

/**
 * Whether one of the signatures is the HMAC-SHA256 of the content under one of the keys. Every signature is compared
 * with every key's, in constant time, so that the time taken reveals nothing of them.
 */
export const isSigned = ({ content, keys, signatures }: Claim): boolean => {
  const matches = keys
    .filter((key) => key.length > 0)
    .flatMap((key) => {
      const hmac = createHmac('sha256', key);
      for (const part of content) hmac.update(part);
      const expected = hmac.digest();
      return signatures.map((given) => given.length === expected.length && timingSafeEqual(given, expected));
    });
  return matches.includes(true);
};

/** So far a signed time may be from ours, before or after, as Stripe and Standard Webhooks have it. */
const toleranceMs = 300_000;

/**
 * A signed time, from Unix seconds in digits alone.
 * @returns milliseconds since 1970; undefined for anything else, such as `1614265330junk`
 */
export const signedTime = (seconds: string): number | undefined =>
  /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : undefined;

/** Whether something was signed within five minutes of now. Both in milliseconds since 1970. */
export const isRecent = (at: number, now: number): boolean => Math.abs(now - at) <= toleranceMs;
