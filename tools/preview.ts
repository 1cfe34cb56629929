/**
 * `npm run preview` prints every text in every locale for a sample order. `npm run preview -- --event <file>` prints what a
 * payload would become.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs, styleText } from 'node:util';
import type { Config } from '../lib/config/config.ts';
import { ConfigError } from '../lib/config/config.ts';
import { InvalidInput } from '../lib/runtime/parse.ts';
import type { OrderDetails } from '../lib/texts/order.ts';
import { statusesWith } from '../lib/texts/order-status.ts';
import { orderText } from '../lib/texts/order-text.ts';
import { explain, headersIn, linesOf } from './console/explain.ts';

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

const usage = `Usage: npm run preview
       npm run preview -- --event <file> [--source <sender>] [--header 'name: value']`;

try {
  const { values } = parseArgs({
    options: {
      event: { type: 'string' },
      source: { type: 'string' },
      header: { type: 'string', multiple: true, default: [] },
    },
  });
  const { event: file, source, header } = values;
  const { default: config } = await import('../bridge.config.ts');
  if (file === undefined) console.log(preview(config).join('\n'));
  else {
    const payload = { text: await readFile(file, 'utf8'), source, headers: headersIn(header) };
    for (const each of explain({ ...payload, config, now: Date.now() }))
      console.log(linesOf(each).join('\n'));
  }
} catch (error) {
  const isOption = error instanceof TypeError && 'code' in error;
  const isRefused = isOption || error instanceof ConfigError || error instanceof InvalidInput;
  if (!isRefused && !(error instanceof Error && 'code' in error)) throw error;
  console.error(error.message);
  if (isOption) console.error(usage);
  process.exitCode = 1;
}
