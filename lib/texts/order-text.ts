import { canonicalLocale, pickByLocale } from './locale.ts';
import { describeOrder, type Order, type OrderDetails } from './order.ts';
import type { OrderStatus } from './order-status.ts';

/**
 * Joins sentences with a space and leaves out those whose data is missing:
 * `` sentences('It has left us.', order.trackingUrl && `Follow it here: ${order.trackingUrl}`) ``
 */
export const sentences = (...parts: readonly (string | false | null | undefined)[]): string =>
  parts.filter(Boolean).join(' ');

/** Writes what the customer reads; null = nothing is said about this status. */
export type OrderText = ((order: Order) => string) | null;

/** A language that speaks about every status. */
export type OrderTexts = Record<OrderStatus, OrderText>;

/**
 * What the customer reads about an order now, in the event's locale where a text exists for it, else in its language
 * (`fr-CA` → `fr`), else in the default locale.
 * @returns the trimmed text; undefined when nothing is to be said about this status
 */
export const orderText = (
  {
    texts,
    defaultLocale,
  }: { texts: Readonly<Record<string, Readonly<Partial<OrderTexts>>>>; defaultLocale: string },
  details: OrderDetails & { status: OrderStatus; locale?: string | undefined },
): string | undefined => {
  const picked = pickByLocale((tag) => texts[tag]?.[details.status], details.locale, defaultLocale);
  const said = picked?.found?.(describeOrder(details, picked.locale));
  return said?.trim() || undefined;
};

/**
 * The text of an announcement for a visitor: the one text there is, or the one of `texts` (by locale) that is nearest to
 * the visitor's locale, then to the default locale, else the first. Undefined when the wording holds none.
 */
export const announcementText = (
  wording: {
    text?: string | undefined;
    texts?: Readonly<Record<string, string>> | undefined;
  },
  locale: string | undefined,
  defaultLocale: string,
): string | undefined => {
  if (wording.text !== undefined) return wording.text;
  const entries = Object.entries(wording.texts ?? {});
  const byTag = new Map(entries.map(([tag, text]) => [canonicalLocale(tag) ?? tag, text]));
  return pickByLocale((tag) => byTag.get(tag), locale, defaultLocale)?.found ?? entries[0]?.[1];
};
