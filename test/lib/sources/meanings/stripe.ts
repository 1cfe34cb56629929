import { changed, type Meanings, visitorId, withdrawn } from '../meaning.ts';

const basket = { orderId: '7001', orderNumber: 'ES-7001', visitorId, currency: 'EUR' };

export const meanings: Meanings = {
  'stripe-checkout-completed': [
    changed('2026-01-15T09:29:57.000Z', { ...basket, status: 'paid', locale: 'es', total: 34.8 }),
  ],
  'stripe-payment-intent-succeeded': [
    changed('2026-01-15T09:29:56.000Z', { ...basket, status: 'paid', total: 34.8 }),
  ],
  'stripe-refund-failed': [
    withdrawn('2026-01-15T09:29:57.000Z', 'order:7003/refund:re_3SpRnALkdIwHu7ix0ZxCvBnM'),
    withdrawn('2026-01-15T09:29:57.000Z', 'order:7003/refund:ch_3SpRnALkdIwHu7ix0AsDfGhJ-1200'),
  ],
  'stripe-payment-failed': [
    changed('2026-01-15T09:29:57.000Z', {
      orderId: '7002',
      status: 'payment_failed',
      customerId: 'stripe:cus_TmQ9b3YwKd7SfE',
      currency: 'JPY',
      total: 5200,
    }),
  ],
  'stripe-charge-refunded': [
    changed('2026-01-15T09:29:57.000Z', {
      ...basket,
      status: 'refunded',
      refundId: 'ch_3SpRjvLkdIwHu7ix0uIoPaSd-990',
      total: 9.9,
    }),
  ],
};

export const shown = [
  /^¡Gracias! .*ES-7001.*34,80/,
  /reembolso .*ES-7001/,
  /payment for your order 7002 did not go through/,
];
