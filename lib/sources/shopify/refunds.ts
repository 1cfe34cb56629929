import * as z from 'zod/mini';
import { absent, instant, shopId } from '../../bus/fields.ts';
import { parse } from '../../runtime/parse.ts';
import { currencyCode, details, money, text } from '../lenient.ts';
import type { OrderNews } from '../order-news.ts';

/** https://shopify.dev/docs/api/admin-rest/latest/resources/refund */
const refund = z.nullable(
  z.object({
    id: absent(shopId),
    order_id: absent(shopId),
    created_at: absent(instant),
    transactions: details(z.object({ kind: text, status: text, amount: money, currency: currencyCode })),
  }),
);

/**
 * `refunds/create`. It names only the order, in whose chat the message appears. Goods put back into stock and edits of an order
 * make refunds too; nothing is sent unless money goes back.
 */
export const refunded = (body: unknown): OrderNews[] | string => {
  const { id, order_id, created_at, transactions } = parse(refund, body, 'The webhook') ?? {};
  if (id === undefined || order_id === undefined || created_at === undefined) return 'no refund in it';
  const payments = (transactions ?? []).filter(
    ({ kind, status }) => kind === 'refund' && (status === 'success' || status === 'pending'),
  );
  const [first] = payments;
  if (first === undefined) return 'no money goes back';
  const sum = payments.reduce((total, { amount = Number.NaN }) => total + amount, 0);
  const alike = payments.every(({ currency }) => currency === first.currency);
  return [
    {
      orderId: order_id,
      status: 'refunded',
      occurredAt: created_at,
      refundId: id,
      ...(alike && Number.isFinite(sum) && { total: Number(sum.toFixed(3)), currency: first.currency }),
    },
  ];
};
