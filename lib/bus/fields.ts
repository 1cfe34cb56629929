import * as z from 'zod/mini';

/** A field that may be missing. Many senders write null instead. */
export const absent = <S extends z.core.$ZodType>(schema: S) =>
  z.optional(
    z.pipe(
      z.nullable(schema),
      z.transform((value) => value ?? undefined),
    ),
  );

/** Half a surrogate pair has no UTF-8 encoding: the database, a hash and Brevo would each store something else. */
export const wellFormed = z.refine<string>((text) => text.isWellFormed(), {
  error: 'is not well-formed Unicode',
});

export const line = z.string().check(z.trim(), z.minLength(1), z.maxLength(256), wellFormed);

const isAddressable = (reference: string): boolean =>
  !/[?%#\\\p{Cc}]|^\/|\/\/|\/$|(^|\/)\.{1,2}(\/|$)/u.test(reference);

/**
 * A reference that the paths of the HTTP API can carry. API Gateway decodes a path twice and cuts it at a question mark;
 * clients cut it at a number sign, read a backslash as a slash, and resolve `.` and `..`. All other references could
 * address another notice than the one that is meant.
 */
export const addressable = z.refine<string>(isAddressable, {
  error: 'contains what a path cannot carry: ? % # \\, a control character, or an empty, "." or ".." segment',
});

/**
 * A reference chosen by the caller. The refused prefixes belong to the notices of orders, of announcements, and of
 * requests without a reference.
 */
export const ownReference = line.check(
  addressable,
  z.refine((reference) => !/^(order|announcement|request):/.test(reference), {
    error: 'starts with a reserved prefix (order:, announcement: or request:)',
  }),
);

/**
 * Bytes of the longest reference. With a prefix, it is the range key of the visitors' index, for which DynamoDB allows
 * 1,024 bytes.
 */
export const longestReference = 1000;

/** An id of the shop's. Many shops use numbers, so whole numbers are accepted too. */
export const shopId = z.pipe(
  z.union([line, z.int()], { error: 'expected a string or a whole number' }),
  z.transform(String),
);

/**
 * A moment, as milliseconds since 1970. A time without a zone is refused, because it would be another moment
 * elsewhere.
 */
export const instant = z.pipe(
  z.iso.datetime({ offset: true, error: 'expected a time with its zone, such as 2026-03-01T09:30:00Z' }),
  z.pipe(
    z.transform((value: string) => Date.parse(value)),
    z.number().check(z.nonnegative()),
  ),
);

/** A day (2026-03-01), or a moment of which only the day matters. */
export const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a date such as 2026-03-01',
});

export const amount = z.union(
  [z.number(), z.pipe(z.string().check(z.regex(/^-?\d+(\.\d+)?$/)), z.transform(Number))],
  { error: 'expected a number' },
);

/** Far longer than anyone reads in a chat, and short enough for a notice to store it several times. */
const longest = 10_000;

/** A text to show in the chat. */
export const chatText = z.string().check(z.trim(), z.minLength(1), z.maxLength(longest), wellFormed);

/** A sender's clock may be wrong. A time further ahead of ours than this is ignored. Milliseconds. */
const believableSkewMs = 5 * 60_000;

/**
 * The time of an event: the time given by its sender, so that every delivery has the same time, unless it is in the
 * future. All values in milliseconds since 1970.
 * @param instead used if the sender's time is in the future
 */
export const envelopeTime = (given: number, now: number, instead = now): number =>
  given > now + believableSkewMs ? instead : given;

/** Brevo shows a message as sent by an agent or by a group. */
export const hasOneSender = z.refine<{ agentId?: unknown; groupId?: unknown }>(
  ({ agentId, groupId }) => agentId === undefined || groupId === undefined,
  { error: 'give either agentId or groupId, not both', path: ['groupId'] },
);
