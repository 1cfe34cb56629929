import * as z from 'zod/mini';
import { type Act, action } from '../act.ts';
import type { Shop } from '../state/shop.ts';
import type { Stored } from '../state/table.ts';

/** Begins another order of a customer's. */
export const beginOrder = (shop: Shop, readTable: () => Promise<Stored>): Act =>
  action(z.object({ visitorId: z.string() }), async ({ visitorId }) => {
    const { notices } = await readTable();
    return `Order ${shop.begin(visitorId, notices)} has begun.`;
  });

/** Lets the next events of a customer name another locale. */
export const speak = (shop: Shop): Act =>
  action(z.object({ visitorId: z.string(), locale: z.string() }), async ({ visitorId, locale }) => {
    shop.speak(visitorId, locale);
    return `The next events name the locale ${locale}.`;
  });
