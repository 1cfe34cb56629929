import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The bytes of a base64 text; undefined unless the text is their canonical encoding (RFC 4648, padded). Node's own
 * decoder skips invalid characters.
 */
export const base64Bytes = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

/** The bytes of a text in lower-case hexadecimal; undefined if it is not valid. */
export const hexBytes = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'hex');
  return bytes.toString('hex') === text ? bytes : undefined;
};

export interface Claim {
  /** The signed content, in parts. */
  content: readonly (string | Uint8Array)[];
  /** Several during a rotation. An empty key is ignored, although it would produce a valid signature. */
  keys: readonly (string | Uint8Array)[];
  signatures: readonly Uint8Array[];
}

/**
 * Whether one of the signatures is the HMAC-SHA256 of the content with one of the keys. Every signature is compared
 * with every key's in constant time, so that the duration reveals nothing about them.
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

/** How far a signed time may be from ours, before or after, as defined by Stripe and Standard Webhooks. */
const toleranceMs = 300_000;

/**
 * Parses a signed time, given in Unix seconds as digits only.
 * @returns milliseconds since 1970; undefined for anything else, such as `1614265330junk`
 */
export const signedTime = (seconds: string): number | undefined =>
  /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : undefined;

/** Whether a signed time is within five minutes of now. Both in milliseconds since 1970. */
export const isRecent = (at: number, now: number): boolean => Math.abs(now - at) <= toleranceMs;
