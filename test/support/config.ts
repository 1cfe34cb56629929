import { type Config, defineConfig } from '../../lib/config/config.ts';
import type { Order } from '../../lib/texts/order.ts';
import type { OrderTexts } from '../../lib/texts/order-text.ts';

const say =
  (language: string, status: string) =>
  ({ number, total, carrier, trackingUrl }: Order): string =>
    [language, status, number, total, carrier, trackingUrl].filter(Boolean).join(' ');

const textsIn = (language: string): OrderTexts => ({
  pending: say(language, 'pending'),
  payment_failed: say(language, 'payment_failed'),
  on_hold: say(language, 'on_hold'),
  paid: say(language, 'paid'),
  processing: say(language, 'processing'),
  shipped: say(language, 'shipped'),
  delayed: say(language, 'delayed'),
  out_for_delivery: say(language, 'out_for_delivery'),
  delivery_failed: say(language, 'delivery_failed'),
  ready_for_pickup: say(language, 'ready_for_pickup'),
  delivered: say(language, 'delivered'),
  cancelled: say(language, 'cancelled'),
  returned: say(language, 'returned'),
  refunded: say(language, 'refunded'),
});

const config = defineConfig({
  defaultLocale: 'en',
  texts: { en: textsIn('en'), fr: textsIn('fr'), de: textsIn('de') },
  statusMap: { completed: 'shipped' },
});

/** A configuration whose texts name language, status and what is known of the order: `fr shipped 1001`. */
export const configWith = (fields: Partial<Config> = {}): Config => ({ ...config, ...fields });
