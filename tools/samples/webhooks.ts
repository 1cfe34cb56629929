/** The samples of webhooks under `events/`, as their senders would send them now. */
import * as z from 'zod/mini';
import { parseJson } from '../../lib/runtime/parse.ts';
import { hmacOf } from '../../lib/sources/signature.ts';
import { type Sources, sourceNamed, sources } from '../../lib/sources/sources.ts';

/** What each source's sender signs with in the local run: none of these opens anything outside of it. */
export const secretOf = (name: string, among: Sources = sources): string =>
  sourceNamed(name, among)?.secretForm === 'whsec'
    ? `whsec_${Buffer.from(`local-${name}-secret-0123456789`).toString('base64')}`
    : `local-${name}-secret`;

/**
 * The headers that prove a body to come from a source's sender.
 * @param now milliseconds since 1970
 * @throws Error if there is no such source, or if signing takes a private key
 */
export const sign = (
  name: string,
  { body, now, id = `msg_${now}` }: { body: string | Buffer; now: number; id?: string },
  among: Sources = sources,
): Record<string, string> => {
  const source = sourceNamed(name, among);
  if (source === undefined)
    throw new Error(`Unknown sender ${name}: expected one of ${Object.keys(among).join(', ')}`);
  if (source.sign === undefined)
    throw new Error(`${name} signs with a private key, so that only its sender can sign a sample`);
  return source.sign({ body, secret: secretOf(name, among), now, id });
};

/** A webhook as API Gateway hands it on, as far as it matters here. */
const sampleSchema = z.object({
  rawPath: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({ timeEpoch: z.number() }),
});

/** A webhook to sign and send. */
export interface Unsent {
  source: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * A sample as its sender would send it now (milliseconds since 1970).
 *
 * @param sample the text of the file
 * @throws {InvalidInput} naming the file and what is wrong with it
 */
export const freshWebhook = (sample: string, { file, now }: { file: string; now: number }): Unsent => {
  const { rawPath, headers, body, isBase64Encoded, requestContext } = parseJson(sampleSchema, sample, file);
  const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
  // Fetch writes these two by itself.
  const { host: _, 'content-length': __, ...sendable } = headers;
  return {
    source: rawPath.replace('/webhooks/', ''),
    headers: sendable,
    body: freshen(sent, requestContext.timeEpoch, now),
  };
};

/**
 * The query by which a shop registers, as Shopware would send it now, and the header that proves it.
 * @param query of a sample
 * @param now milliseconds since 1970
 */
export const freshRegistration = (query: string, now: number) => {
  const fresh = query.replace(/(?<=timestamp=)\d+/, `${Math.floor(now / 1000)}`);
  const signature = hmacOf(secretOf('shopware'), [fresh]).toString('hex');
  return { rawQueryString: fresh, headers: { 'shopware-app-signature': signature } };
};

/** Sends a webhook to the HTTP API, signed with the local secret. */
export const sendWebhook = (
  { source, headers, body }: Unsent,
  { httpApi, among }: { httpApi: string; among: Sources },
): Promise<Response> =>
  fetch(`${httpApi}/webhooks/${source}`, {
    method: 'POST',
    headers: { ...headers, ...sign(source, { body, now: Date.now() }, among) },
    body,
    signal: AbortSignal.timeout(30_000),
  });

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
