/** The samples of webhooks under `events/`, as their senders would send them now. */
import { createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../lib/runtime/parse.ts';
import type { SourceName } from '../../lib/runtime/secrets.ts';
import { sources } from '../../lib/sources/sources.ts';

/** What each sender signs with in the local run: none of these opens anything outside of it. */
export const webhookSecrets: Record<SourceName, string> = {
  shopify: 'local-shopify-secret',
  woocommerce: 'local-woocommerce-secret',
  stripe: 'local-stripe-secret',
  standard: `whsec_${Buffer.from('local-standard-secret-0123456789').toString('base64')}`,
  brevo: 'local-brevo-secret',
};

interface Signing {
  id: string;
  /** Since 1970. */
  seconds: number;
  /** Signs what stands before the body, and the body. */
  hmac: (encoding: 'base64' | 'hex', before?: string) => string;
}

/** The headers by which each sender proves a webhook. */
const proofs: Record<SourceName, (signing: Signing) => Record<string, string>> = {
  shopify: ({ hmac }) => ({ 'x-shopify-hmac-sha256': hmac('base64') }),
  woocommerce: ({ hmac }) => ({ 'x-wc-webhook-signature': hmac('base64') }),
  stripe: ({ seconds, hmac }) => ({ 'stripe-signature': `t=${seconds},v1=${hmac('hex', `${seconds}.`)}` }),
  standard: ({ id, seconds, hmac }) => ({
    'webhook-id': id,
    'webhook-timestamp': `${seconds}`,
    'webhook-signature': `v1,${hmac('base64', `${id}.${seconds}.`)}`,
  }),
  brevo: () => ({ authorization: `Bearer ${webhookSecrets.brevo}` }),
};

/**
 * The headers that prove a body to come from a sender.
 * @param now milliseconds since 1970
 */
export const sign = (
  source: SourceName,
  { body, now, id = `msg_${now}` }: { body: string | Buffer; now: number; id?: string },
): Record<string, string> => {
  const secret = webhookSecrets[source];
  const isEncoded = secret.startsWith('whsec_');
  const key = isEncoded ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return proofs[source]({
    id,
    seconds: Math.floor(now / 1000),
    hmac: (encoding, before = '') => createHmac('sha256', key).update(before).update(body).digest(encoding),
  });
};

const isSource = (name: string): name is SourceName => Object.hasOwn(sources, name);

/** @throws Error with the senders that there are */
export const readSource = (name: string): SourceName => {
  if (isSource(name)) return name;
  throw new Error(`Unknown sender ${name}: expected one of ${Object.keys(sources).join(', ')}`);
};

/** A webhook as API Gateway hands it on, as far as it matters here. */
const sampleSchema = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({ timeEpoch: z.number() }),
});

/**
 * A sample as its sender would send it now (milliseconds since 1970), signed with the local secret.
 *
 * @param sample the text of the file
 * @throws {InvalidInput} naming the file and what is wrong with it
 */
const freshWebhook = (
  sample: string,
  { file, source, now }: { file: string; source: SourceName; now: number },
): { headers: Record<string, string>; body: string } => {
  const { headers, body, isBase64Encoded, requestContext } = parseJson(sampleSchema, sample, file);
  const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
  const fresh = freshen(sent, requestContext.timeEpoch, now);
  // Fetch writes these two by itself.
  const { host: _, 'content-length': __, ...sendable } = headers;
  return { headers: { ...sendable, ...sign(source, { body: fresh, now }) }, body: fresh };
};

/**
 * Sends a sample to the HTTP API as its sender would, now.
 *
 * @param source the sender; without it, the one that the sample's path names
 * @throws {InvalidInput} naming the file and what is wrong with it
 */
export const sendWebhook = (
  sample: string,
  { file, source, httpApi }: { file: string; source?: SourceName; httpApi: string },
): Promise<Response> => {
  const named = parseJson(z.object({ rawPath: z.string() }), sample, file).rawPath;
  const sender = source ?? readSource(named.replace('/webhooks/', ''));
  const { headers, body } = freshWebhook(sample, { file, source: sender, now: Date.now() });
  return fetch(`${httpApi}/webhooks/${sender}`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(30_000),
  });
};

/**
 * ISO 8601 with or without a zone, and seconds or milliseconds since 1970, and days, as senders write
 * times into their bodies.
 */
const written =
  /(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?<zone>Z|[+-]\d\d:\d\d)?|(?<=")(?<day>\d{4}-\d\d-\d\d)(?=")|(?<![\d."])(?<epoch>\d{13}|\d{10})(?![\d."])/g;

/** A number that is further from the sample's time than 60 days is no time, and such a day says nothing of what happened. */
const dayMs = 86_400_000;
const nearMs = 60 * dayMs;

const groups = z.object({
  iso: z.optional(z.string()),
  zone: z.optional(z.string()),
  day: z.optional(z.string()),
  epoch: z.optional(z.string()),
});

/**
 * A sample's body with its times moved, so that what happened in it happened just now: the bridge does not report old
 * events. All else stays as it is written, byte for byte.
 * @param at when the sample was sent, and `now`, in milliseconds since 1970
 */
export const freshen = (body: string, at: number, now: number): string => {
  const shiftMs = now - at;
  return body.replaceAll(written, (match, ...rest) => {
    const { iso, zone = '', day, epoch = '' } = groups.parse(rest.at(-1));
    if (iso !== undefined) return `${moved(iso, shiftMs)}${zone}`;
    if (day !== undefined) {
      const isNear = Math.abs(Date.parse(day) - at) < nearMs;
      return isNear ? moved(`${day}T00:00:00`, Math.round(shiftMs / dayMs) * dayMs).slice(0, 10) : day;
    }
    const unit = epoch.length === 10 ? 1_000 : 1;
    const time = Number(epoch) * unit;
    return Math.abs(time - at) < nearMs ? String(Math.floor((time + shiftMs) / unit)) : match;
  });
};

/** Read as if it were UTC, moved, and written as if it were UTC: its zone, if it has one, stays as it is. */
const moved = (iso: string, shiftMs: number): string => {
  const text = new Date(Date.parse(`${iso}Z`) + shiftMs).toISOString();
  return iso.includes('.') ? text.slice(0, -1) : text.slice(0, 19);
};
