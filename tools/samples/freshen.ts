import * as z from 'zod/mini';

/** ISO 8601 with or without a zone, and seconds or milliseconds since 1970, as senders write times into their bodies. */
const written =
  /(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?<zone>Z|[+-]\d\d:\d\d)?|(?<![\d."])(?<epoch>\d{13}|\d{10})(?![\d."])/g;

const dayMs = 86_400_000;

/** How far from a sample's time a number may be and still be a time. */
const nearMs = 60 * dayMs;

/** Read as if it were UTC, moved, and written as if it were UTC: its zone, if it has one, stays as it is. */
const moved = (iso: string, shiftMs: number): string => {
  const text = new Date(Date.parse(`${iso}Z`) + shiftMs).toISOString();
  return iso.includes('.') ? text.slice(0, -1) : text.slice(0, 19);
};

const groups = z.object({
  iso: z.optional(z.string()),
  zone: z.optional(z.string()),
  epoch: z.optional(z.string()),
});

/**
 * A sample's body with its times moved, so that what happened in it happened just now: the bridge tells no old news. All
 * else stays as it is written, byte for byte.
 * @param at when the sample was sent, and `now`, in milliseconds since 1970
 */
export const freshen = (body: string, at: number, now: number): string => {
  const shiftMs = now - at;
  return body.replaceAll(written, (match, ...rest) => {
    const { iso, zone = '', epoch = '' } = groups.parse(rest.at(-1));
    if (iso !== undefined) return `${moved(iso, shiftMs)}${zone}`;
    const unit = epoch.length === 10 ? 1_000 : 1;
    const time = Number(epoch) * unit;
    return Math.abs(time - at) < nearMs ? String(Math.floor((time + shiftMs) / unit)) : match;
  });
};
