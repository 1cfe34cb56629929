import * as z from 'zod/mini';
import { absent, amount, line } from '../bus/fields.ts';

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
