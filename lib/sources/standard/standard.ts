import { createPublicKey, verify } from 'node:crypto';
import { base64Bytes, hmacOf, isSigned, refusals, signedTime, untimely } from '../signature.ts';
import type { Source, Webhook } from '../source.ts';
import { jsonIn } from '../source.ts';
import { eventIn } from './event.ts';

/** No sender rotates more keys than this at a time. Each public key requires a pass over the body. */
const mostSignatures = 16;

/** A full stop is not allowed, so that id, time and body can be separated in one way only. */
const plainId = /^[!-\-/-~]{1,256}$/;

interface Envelope {
  id: string;
  /** Unix seconds, exactly as signed. */
  seconds: string;
  /** Milliseconds since 1970. */
  at: number;
  /** At least one of them must be valid. */
  signatures: { version: string | undefined; bytes: Buffer }[];
}

/** The three headers. Those of the older family (Svix) count only if none of the newer family is present. */
const headersOf = ({ headers }: Webhook): (string | undefined)[] => {
  const family = (prefix: string) =>
    ['id', 'timestamp', 'signature'].map((name) => headers[`${prefix}-${name}`]);
  const newer = family('webhook');
  return newer.some((value) => value !== undefined) ? newer : family('svix');
};

const envelopeOf = (webhook: Webhook): Envelope | undefined => {
  const [id = '', seconds = '', given = ''] = headersOf(webhook);
  const at = signedTime(seconds);
  const parts = given.split(' ');
  if (!plainId.test(id) || at === undefined || parts.length > mostSignatures) return undefined;
  const signatures = parts.flatMap((part) => {
    const [, version, base64] = /^(v1a?),(.+)$/.exec(part) ?? [];
    const bytes = base64Bytes(base64 ?? '');
    return bytes === undefined ? [] : [{ version, bytes }];
  });
  return { id, seconds, at, signatures };
};

/** The keys of one kind. A public key must never be used as a shared secret. */
const keysAmong = (secrets: readonly string[], prefix: 'whsec_' | 'whpk_'): Buffer[] =>
  secrets
    .filter((secret) => secret.startsWith(prefix))
    .flatMap((secret) => base64Bytes(secret.slice(prefix.length)) ?? []);

const ed25519Bytes = { key: 32, signature: 64 };

const isSignedPrivately = (content: Uint8Array, keys: readonly Buffer[], signatures: readonly Buffer[]) =>
  keys
    .filter((key) => key.length === ed25519Bytes.key)
    .map((key) =>
      createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') },
        format: 'jwk',
      }),
    )
    .flatMap((key) => signatures.map((signature) => verify(null, content, key, signature)))
    .includes(true);

const isGenuine = (
  { id, seconds, signatures }: Envelope,
  body: Uint8Array,
  secrets: readonly string[],
): boolean => {
  const content = [`${id}.${seconds}.`, body] as const;
  const of = (wanted: string) =>
    signatures.filter(({ version }) => version === wanted).map(({ bytes }) => bytes);
  const shared = isSigned({ content, keys: keysAmong(secrets, 'whsec_'), signatures: of('v1') });
  const pairs = of('v1a').filter(({ length }) => length === ed25519Bytes.signature);
  const publicKeys = keysAmong(secrets, 'whpk_');
  if (pairs.length === 0 || publicKeys.length === 0) return shared;
  const whole = Buffer.concat([Buffer.from(content[0]), content[1]]);
  return isSignedPrivately(whole, publicKeys, pairs) || shared;
};

/**
 * Standard Webhooks: `<id>.<seconds>.<body>`, signed with a shared secret (`whsec_…`, v1) or a key pair (`whpk_…`,
 * v1a). https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standard: Source = {
  secretForm: 'whsec',

  sign: ({ body, secret, now, id }) => {
    const seconds = `${Math.floor(now / 1000)}`;
    const [key = ''] = keysAmong([secret], 'whsec_');
    const signature = hmacOf(key, [`${id}.${seconds}.`, body]).toString('base64');
    return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
  },

  refusal: (webhook, secrets, clock) => {
    if (headersOf(webhook).includes(undefined)) return refusals.noHeader;
    const envelope = envelopeOf(webhook);
    if (envelope === undefined) return refusals.malformed;
    return isGenuine(envelope, webhook.body, secrets) ? untimely(envelope.at, clock) : refusals.noMatch;
  },

  read: (webhook, now) => eventIn(jsonIn(webhook.body), envelopeOf(webhook), now),

  accepted: 202,
};
