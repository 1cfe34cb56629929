import * as z from 'zod/mini';
import { absent, amount, line, shopId } from '../bus/fields.ts';

/**
 * A detail that is taken where it makes sense and does without where it does not: a broken tracking link is no reason
 * not to say that the parcel is on its way.
 */
export const detail = <S extends z.core.$ZodType>(schema: S) => z.catch(absent(schema), undefined);

/** A list of details, less those that make no sense. */
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
export const money = detail(amount);
export const webAddress = detail(z.url({ protocol: /^https?$/ }));

/** ISO 4217, in whichever case; upper case as it comes out. */
export const currencyCode = detail(
  z.pipe(
    z.string().check(z.regex(/^[a-z]{3}$/i)),
    z.transform((code) => code.toUpperCase()),
  ),
);

export const quantity = detail(z.number().check(z.positive()));

/** What was bought or sent. Senders of several kinds call it alike. */
export const lineItems = details(z.object({ name: line, quantity }));

/** Under this name a shop's page notes the chat's visitor in an order. */
const visitorKey = 'brevo_visitor_id';

const customer = detail(shopId);

/** Something that a shop, its page or a plug-in has noted on an order. */
export interface Note {
  name?: string | undefined;
  value?: unknown;
}

/**
 * Whose order it is: the visitor that the first note with a name in it names, or else the sender's customer, as
 * `shopify:17`, since the customers of two senders may have the same id.
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
