import * as z from 'zod/mini';

/** A field that may be missing; many senders write null for that. */
export const absent = <S extends z.core.$ZodType>(schema: S) =>
  z.optional(
    z.pipe(
      z.nullable(schema),
      z.transform((value) => value ?? undefined),
    ),
  );

/** Half a surrogate pair has no UTF-8: it would reach the database, a hash and Brevo each as something else. */
export const wellFormed = z.refine<string>((text) => text.isWellFormed(), {
  error: 'is not well-formed Unicode',
});

export const line = z.string().check(z.trim(), z.minLength(1), z.maxLength(256), wellFormed);

/** A reference of a caller's own. These prefixes belong to the notices of orders, of announcements, and of requests that name none. */
export const ownReference = line.check(
  z.refine((reference) => !/^(order|announcement|request):/.test(reference), { error: 'is reserved' }),
);

/** An id of the shop's own; many shops number things, so that whole numbers are taken as they are. */
export const shopId = z.pipe(
  z.union([line, z.int()], { error: 'expected a string or a whole number' }),
  z.transform(String),
);

/** A moment, as milliseconds since 1970. Needs its time zone: a local time would mean another moment elsewhere. */
export const instant = z.pipe(
  z.iso.datetime({ offset: true, error: 'expected a time with its zone, such as 2026-03-01T09:30:00Z' }),
  z.pipe(
    z.transform((value: string) => Date.parse(value)),
    z.number().check(z.nonnegative()),
  ),
);

/** A day (2026-03-01), or a moment whose day counts. */
export const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a date such as 2026-03-01',
});

export const amount = z.union(
  [z.number(), z.pipe(z.string().check(z.regex(/^-?\d+(\.\d+)?$/)), z.transform(Number))],
  { error: 'expected a number' },
);

/** Far more than anyone reads in a chat, and few enough that a notice fits into the database several times over. */
const longest = 10_000;

/** A text to be shown in the chat, whoever sends it. */
export const chatText = z.string().check(z.trim(), z.minLength(1), z.maxLength(longest), wellFormed);

/** A sender's clock may be wrong; one that is further ahead of ours than this is not believed at all. */
const believableSkewMs = 5 * 60_000;

/**
 * What an event is dated by: the time that its sender gives, so that it is the same event however often it is
 * delivered, unless that lies in the future. All in milliseconds since 1970.
 * @param instead where the sender's time is not believed
 */
export const envelopeTime = (given: number, now: number, instead = now): number =>
  given > now + believableSkewMs ? instead : given;
