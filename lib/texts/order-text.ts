import { canonicalLocale, pickByLocale } from './locale.ts';
import { describeOrder, type Order, type OrderDetails } from './order.ts';
import type { OrderStatus } from './order-status.ts';

/**
 * Joins sentences with a space, and drops those whose data is missing:
 * `` sentences('It has left us.', order.trackingUrl && `Follow it here: ${order.trackingUrl}`) ``
 */
export const sentences = (...parts: readonly (string | false | null | undefined)[]): string =>
  parts.filter(Boolean).join(' ');

/** Returns the text that the customer reads. Null means that no message is sent for this status. */
export type OrderText = ((order: Order) => string) | null;

/** The texts of one locale, complete for every built-in status. */
export type OrderTexts = Record<OrderStatus, OrderText>;

/**
 * The text for an order in the event's locale, otherwise in its language (`fr-CA` → `fr`), otherwise in the default
 * locale.
 * @param onMissing called with each field that the text would have used, and that is missing
 * @returns the trimmed text; undefined if no message is sent for this status
 */
export const orderText = (
  {
    texts,
    defaultLocale,
  }: {
    texts: Readonly<Record<string, Readonly<Record<string, OrderText | undefined>>>>;
    defaultLocale: string;
  },
  details: OrderDetails & { status: string },
  onMissing: (field: string) => void = () => {},
): string | undefined => {
  const picked = pickByLocale((tag) => texts[tag]?.[details.status], details.locale, defaultLocale);
  if (!picked?.found) return undefined;
  const order = describeOrder(details, picked.locale);
  const watched = new Proxy(order, {
    get: (target, field) => {
      const value: unknown = Reflect.get(target, field);
      if (value === undefined) onMissing(String(field));
      return value;
    },
  });
  return picked.found(watched).trim() || undefined;
};

/**
 * The text of an announcement for a visitor: `text`, or the entry of `texts` (by locale) that is nearest to the
 * visitor's locale, then to the default locale, otherwise the first one. Undefined if there is none.
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
