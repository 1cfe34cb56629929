import * as z from 'zod/mini';
import { absent, amount, line, shopId } from '../bus/fields.ts';

/**
 * An optional detail. An invalid value is dropped: a broken tracking link must not prevent the message that the
 * parcel is on its way.
 */
export const detail = <S extends z.core.$ZodType>(schema: S) => z.catch(absent(schema), undefined);

/** A list of details, without the invalid ones. */
export const details = <S extends z.core.$ZodType>(schema: S) =>
  z.catch(
    z.pipe(
      z.array(z.unknown()),
      z.transform((all: unknown[]) =>
        all.flatMap((each) => {
          const { data } = z.safeParse(schema, each);
          return data === undefined ? [] : [data];
        }),
      ),
    ),
    [],
  );

export const text = detail(line);

/** A sender's id of an event, short enough to be a part of the event's id on the bus. */
export const senderId = detail(line.check(z.maxLength(128)));

export const money = detail(amount);
export const webAddress = detail(z.url({ protocol: /^https?$/ }));

/** From here on, a number is a time in milliseconds; as seconds, it would be in the year 5138. */
const leastMilliseconds = 100_000_000_000;

/** A time in seconds or milliseconds since 1970, converted to milliseconds. Sendcloud does not document which. */
export const unixTime = detail(
  z.pipe(
    z.number().check(z.nonnegative(), z.lte(253_402_300_799_999)),
    z.transform((time) => Math.floor(time < leastMilliseconds ? time * 1000 : time)),
  ),
);

/** The day of a time, as its sender writes it, with or without a zone. */
export const dayOf = detail(
  z.pipe(
    z.string(),
    z.pipe(
      z.transform((time: string) => time.slice(0, 10)),
      z.iso.date(),
    ),
  ),
);

/** An ISO 4217 code, converted to upper case. */
export const currencyCode = detail(
  z.pipe(
    z.string().check(z.regex(/^[a-z]{3}$/i)),
    z.transform((code) => code.toUpperCase()),
  ),
);

export const quantity = detail(z.number().check(z.positive()));

/** The items that were bought or sent. Several sources use the same field names. */
export const lineItems = details(z.object({ name: line, quantity }));

/** The name under which the shop's page stores the chat's visitor id in an order. */
const visitorKey = 'brevo_visitor_id';

const customer = detail(shopId);

/** A note on an order, added by a shop, its page or a plug-in. */
export interface Note {
  name?: string | undefined;
  value?: unknown;
}

/**
 * Whose order it is: the visitor id in the first note that has one, otherwise the source's customer, as `shopify:17`,
 * because customers of different sources may have the same id.
 */
export const addresseeOf = (
  sender: string,
  notes: readonly Note[],
  customerId: string | number | undefined,
): { visitorId: string } | { customerId: string | undefined } => {
  const visitorId = notes
    .filter(({ name }) => name === visitorKey)
    .map(({ value }) => text.parse(value))
    .find((value) => value !== undefined);
  if (visitorId !== undefined) return { visitorId };
  return { customerId: customer.parse(customerId === undefined ? undefined : `${sender}:${customerId}`) };
};
