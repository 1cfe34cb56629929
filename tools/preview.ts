/** Prints every text in every locale for a sample order: `npm run preview`. */
import { styleText } from 'node:util';
import type { Config } from '../lib/config/config.ts';
import { ConfigError } from '../lib/config/config.ts';
import type { OrderDetails } from '../lib/texts/order.ts';
import { statusesWith } from '../lib/texts/order-status.ts';
import { orderText } from '../lib/texts/order-text.ts';

const order: OrderDetails = {
  orderId: '5391870001234',
  orderNumber: '1001',
  currency: 'EUR',
  total: 1249.9,
  carrier: 'DHL',
  trackingNumber: '00340434161094042557',
  trackingUrl: 'https://track.example.com/00340434161094042557',
  estimatedDelivery: '2026-03-05',
  items: [{ name: 'Ceramic mug', quantity: 2 }, { name: 'Green tea' }],
};

/** In the order of their ranks. */
const statusesOf = ({ statuses }: Config): string[] => {
  const all = Object.entries(statusesWith(statuses));
  return all.toSorted(([, one], [, other]) => one.rank - other.rank).map(([status]) => status);
};

const preview = (config: Config): string[] =>
  Object.entries(config.texts).flatMap(([locale, texts]) => [
    styleText(['bold', 'underline'], locale),
    ...statusesOf(config).flatMap((status) => {
      const borrowed = texts[status] === undefined ? ` (${config.defaultLocale}: no text in ${locale})` : '';
      const text = orderText(config, { ...order, status, locale });
      return [
        `  ${styleText('cyan', status)}${borrowed}`,
        `    ${text ?? styleText('dim', '— no message —')}`,
      ];
    }),
    '',
  ]);

try {
  const { default: config } = await import('../bridge.config.ts');
  console.log(preview(config).join('\n'));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
