import * as z from 'zod/mini';
import { parse } from '../../runtime/parse.ts';
import type { ReadDetail } from '../source.ts';
import { ignored, quoted } from '../source.ts';
import { newsOfOrder } from './partner-order.ts';
import { readingOf, readTopic } from './shopify.ts';

const detailSchema = z.object({ metadata: z.record(z.string(), z.unknown()), payload: z.unknown() });

/**
 * Shopify's EventBridge source. The metadata are the headers of a webhook: `X-Shopify-Topic` (`orders/paid`) for classic
 * ones, `shopify-topic` (`Order`) for Shopify Events. Their signature cannot be verified, because the signed bytes are not
 * delivered. https://shopify.dev/docs/apps/build/events/verify-deliveries
 */
export const shopify: ReadDetail = (detail, now) => {
  const { metadata, payload } = parse(detailSchema, detail, 'The partner event');
  const named = new Map(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
  const textOf = (name: string): string | undefined => z.string().safeParse(named.get(name)).data;
  const topic = textOf('shopify-topic');
  const action = textOf('shopify-action');
  if (action === undefined) return readTopic(textOf('x-shopify-topic') ?? topic, payload, now);
  if (topic !== 'Order') return ignored(`unknown topic: ${quoted(topic)}`);
  return readingOf(newsOfOrder(action, payload, now), now);
};
