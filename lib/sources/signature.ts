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

export type Algorithm = 'sha1' | 'sha256' | 'sha512';

/** The HMAC of a content in parts; SHA-256 unless another algorithm is given. */
export const hmacOf = (
  key: string | Uint8Array,
  content: readonly (string | Uint8Array)[],
  algorithm: Algorithm = 'sha256',
): Buffer => {
  const hmac = createHmac(algorithm, key);
  for (const part of content) hmac.update(part);
  return hmac.digest();
};

export interface Claim {
  algorithm?: Algorithm;
  /** The signed content, in parts. */
  content: readonly (string | Uint8Array)[];
  /** Several during a rotation. An empty key is ignored, although it would produce a valid signature. */
  keys: readonly (string | Uint8Array)[];
  signatures: readonly Uint8Array[];
}

/**
 * Whether one of the signatures is the HMAC of the content with one of the keys. Every signature is compared
 * with every key's in constant time, so that the duration reveals nothing about them.
 */
export const isSigned = ({ algorithm, content, keys, signatures }: Claim): boolean => {
  const matches = keys
    .filter((key) => key.length > 0)
    .flatMap((key) => {
      const expected = hmacOf(key, content, algorithm);
      return signatures.map((given) => given.length === expected.length && timingSafeEqual(given, expected));
    });
  return matches.includes(true);
};

/** The time now, and how far a signed time may be from it, before or after. */
export interface Clock {
  /** Milliseconds since 1970. */
  now: number;
  toleranceSeconds: number;
}

/**
 * Parses a signed time, given in Unix seconds as digits only.
 * @returns milliseconds since 1970; undefined for anything else, such as `1614265330junk`
 */
export const signedTime = (seconds: string): number | undefined =>
  /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : undefined;

/**
 * Why a signed time is too far from now; undefined if it is not.
 * @param at milliseconds since 1970
 */
export const untimely = (at: number, { now, toleranceSeconds }: Clock): string | undefined => {
  const seconds = Math.abs(now - at) / 1000;
  if (seconds <= toleranceSeconds) return undefined;
  const direction = at < now ? 'ago' : 'ahead';
  return `signed ${Math.ceil(seconds)} seconds ${direction}, at most ${toleranceSeconds} are allowed`;
};

/** The reasons for a refusal that sources have in common. */
export const refusals = {
  noHeader: 'no signature header',
  malformed: 'malformed signature header',
  noMatch: 'no signature matches a configured secret',
} as const;

/**
 * Why the header is not the HMAC-SHA256 of the body with one of the secrets; undefined if it is.
 * @param header undefined if there is none
 */
export const bodyRefusal = (
  body: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
  encoding: 'base64' | 'hex' = 'base64',
): string | undefined => {
  if (header === undefined) return refusals.noHeader;
  const signature = encoding === 'hex' ? hexBytes(header) : base64Bytes(header);
  if (signature === undefined) return refusals.malformed;
  const isGenuine = isSigned({ content: [body], keys: secrets, signatures: [signature] });
  return isGenuine ? undefined : refusals.noMatch;
};
