import { createPublicKey, verify } from 'node:crypto';
import { base64Bytes, isRecent, isSigned, signedTime } from '../signature.ts';
import type { Source, Webhook } from '../source.ts';
import { jsonIn } from '../source.ts';
import { eventIn } from './event.ts';

/** No sender rotates more keys than this at a time; each public one costs a pass over the body. */
const mostSignatures = 16;

/** Without a full stop, so that id, time and body cannot be parted in two ways. */
const plainId = /^[!-\-/-~]{1,256}$/;

interface Envelope {
  id: string;
  /** Unix seconds, as they are signed. */
  seconds: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Of which one must be right. */
  signatures: { version: string | undefined; bytes: Buffer }[];
}

/** The three headers; those of the older family, with which Svix began, only where none of the newer one is there. */
const envelopeOf = ({ headers }: Webhook): Envelope | undefined => {
  const family = (prefix: string) =>
    ['id', 'timestamp', 'signature'].map((name) => headers[`${prefix}-${name}`]);
  const newer = family('webhook');
  const [id = '', seconds = '', given = ''] = newer.some((value) => value !== undefined)
    ? newer
    : family('svix');
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

/** The keys of one kind among the secrets. A public key signs nothing: it must never be taken for a shared one. */
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

/**
 * Standard Webhooks: `<id>.<seconds>.<body>` signed with a shared secret (`whsec_…`, v1) or a key pair (`whpk_…`, v1a).
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standard: Source = {
  isGenuine: (webhook, secrets, now) => {
    const envelope = envelopeOf(webhook);
    if (envelope === undefined || !isRecent(envelope.at, now)) return false;
    const { id, seconds, signatures } = envelope;
    const content = [`${id}.${seconds}.`, webhook.body] as const;
    const of = (wanted: string) =>
      signatures.filter(({ version }) => version === wanted).map(({ bytes }) => bytes);
    const shared = isSigned({ content, keys: keysAmong(secrets, 'whsec_'), signatures: of('v1') });
    const pairs = of('v1a').filter(({ length }) => length === ed25519Bytes.signature);
    const publicKeys = keysAmong(secrets, 'whpk_');
    if (pairs.length === 0 || publicKeys.length === 0) return shared;
    const whole = Buffer.concat([Buffer.from(content[0]), content[1]]);
    return isSignedPrivately(whole, publicKeys, pairs) || shared;
  },

  read: (webhook, now) => eventIn(jsonIn(webhook.body), envelopeOf(webhook), now),

  accepted: 202,
};
