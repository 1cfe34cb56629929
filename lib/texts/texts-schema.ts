import * as z from 'zod/mini';
import { canonicalLocale } from './locale.ts';
import type { Order } from './order.ts';

const faultOf = (text: (order: Order) => unknown, order: Order): string | undefined => {
  try {
    const said = text(order);
    if (typeof said !== 'string') return 'must return a text';
    if (said.trim() === '') return 'must not be blank (use null to send no message)';
    if (/\b(undefined|NaN)\b|\[object /.test(said)) return `must omit missing values, but returns '${said}'`;
    return undefined;
  } catch (error) {
    return `throws ${error}`;
  }
};

const knownOrder: Required<Order> = {
  number: '1001',
  total: '€49.90',
  carrier: 'DHL',
  trackingNumber: '00340434161094042557',
  trackingUrl: 'https://track.example.com/00340434161094042557',
  estimatedDelivery: 'March 5, 2026',
  items: '2 × Ceramic mug and Green tea',
};
const samples = [
  { order: knownOrder, what: 'an order with all fields' },
  { order: { number: '1001' }, what: 'an order with only a number' },
];

/** Tries a text on sample orders, so that a faulty one is found when it is written, not when an order ships. */
const rendersSamples = z.check<(order: Order) => string>(({ value, issues }) => {
  for (const { order, what } of samples) {
    const fault = faultOf(value, order);
    if (!fault) continue;
    issues.push({ code: 'custom', input: value, message: `${fault}, for ${what}` });
    return;
  }
});

const orderText = z.nullable(
  z
    .custom<(order: Order) => string>((value) => typeof value === 'function', {
      error: 'must be a function that returns a text, or null to send no message',
    })
    .check(rendersSamples),
);

/** Intl would format a tag that it has no data for in the default language of the machine. */
const isKnownLocale = (tag: string): boolean =>
  canonicalLocale(tag) === tag && Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;

export const locale = z
  .string()
  .check(z.refine(isKnownLocale, { error: 'must be a language tag such as fr or pt-BR' }));

/** Texts by locale and status, each tried on sample orders. */
export const orderTexts = (statuses: readonly string[]) =>
  z.record(locale, z.partialRecord(z.enum(statuses), orderText));
