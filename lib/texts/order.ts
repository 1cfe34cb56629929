import * as z from 'zod/mini';
import { remembering } from './locale.ts';

const said = z.optional(z.string());

/** What an event says about an order. */
export const orderDetails = z.object({
  orderId: z.string(),
  orderNumber: said,
  /** The language of the customer, and where it is spoken: `fr-CA`. */
  locale: said,
  /** ISO 4217, such as EUR. */
  currency: said,
  /** In the currency's main unit: 49.9 is 49.90 €. */
  total: z.optional(z.number()),
  carrier: said,
  trackingNumber: said,
  trackingUrl: said,
  /** A day (2026-03-05) or an ISO 8601 time. Only its day is used, without converting the time zone. */
  estimatedDelivery: said,
  items: z.optional(z.array(z.object({ name: z.string(), quantity: z.optional(z.number()) }))),
});
export type OrderDetails = z.output<typeof orderDetails>;

/** An order as a text function receives it: every field is formatted for the locale of the text, or missing. */
export type Order = {
  /** The order number that the customer knows. */
  number: string;
  /** `49,90 €` */
  total?: string | undefined;
  carrier?: string | undefined;
  trackingNumber?: string | undefined;
  trackingUrl?: string | undefined;
  /** `5 mars 2026` */
  estimatedDelivery?: string | undefined;
  /** `2 × Ceramic mug and Green tea` */
  items?: string | undefined;
};

const present = (value: string | undefined): string | undefined => value?.trim() || undefined;

// Creating a format takes far longer than using it.
const moneyFormat = remembering(
  (locale, currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }),
);
const dayFormat = remembering(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
);
const listFormat = remembering((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

const money = (
  total: number | undefined,
  currency: string | undefined,
  locale: string,
): string | undefined => {
  if (total === undefined || !Number.isFinite(total) || !currency || !/^[a-z]{3}$/i.test(currency))
    return undefined;
  return moneyFormat(locale, currency).format(total);
};

/** The day is parsed and formatted in UTC, so that no time zone moves it to the day before. */
const longDay = (value: string | undefined, locale: string): string | undefined => {
  const day = value?.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return undefined;
  return dayFormat(locale).format(date);
};

const list = (items: OrderDetails['items'], locale: string): string | undefined => {
  if (items === undefined || items.length === 0) return undefined;
  const named = items.map(({ name, quantity = 1 }) => (quantity > 1 ? `${quantity} × ${name}` : name));
  return present(listFormat(locale).format(named));
};

/**
 * Formats an order for a locale. Values that are missing, blank or invalid (no such day, no such currency code) are
 * omitted.
 * @param locale a canonical language tag
 */
export const describeOrder = (details: OrderDetails, locale: string): Order => ({
  number: present(details.orderNumber) ?? details.orderId,
  total: money(details.total, details.currency, locale),
  carrier: present(details.carrier),
  trackingNumber: present(details.trackingNumber),
  trackingUrl: present(details.trackingUrl),
  estimatedDelivery: longDay(details.estimatedDelivery, locale),
  items: list(details.items, locale),
});
