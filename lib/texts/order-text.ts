import { pickByLocale } from './locale.ts';
import { describeOrder, type Order, type OrderDetails } from './order.ts';
import type { OrderStatus } from './order-status.ts';

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
