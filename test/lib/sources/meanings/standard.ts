import { type Meanings, tracking, visitorId } from '../meaning.ts';

export const meanings: Meanings = {
  'standard-order-delivered': [
    {
      type: 'order.status_changed',
      at: '2026-01-15T09:29:55.120Z',
      data: {
        orderId: 'B-2044',
        orderNumber: 'B‑2044',
        status: 'delivered',
        occurredAt: '2026-01-15T09:29:54Z',
        visitorId,
        locale: 'de',
        currency: 'CHF',
        total: '118.00',
        shipmentId: 'p-1',
        carrier: 'Die Post',
        trackingNumber: '99.00.123456.12345678',
        trackingUrl: `${tracking}/ch/990012345612345678`,
        items: [
          { name: 'Käsefondue-Set „Grüezi“ 🫕', quantity: 1 },
          { name: 'Fonduegabeln', quantity: 6 },
        ],
      },
    },
  ],
  'standard-notice-requested': [
    {
      type: 'notice.requested',
      at: '2026-01-15T09:29:58.000Z',
      data: {
        reference: `back-in-stock:kettle:${visitorId}`,
        visitorId,
        occurredAt: '2026-01-15T09:29:57Z',
        expiresAt: '2026-01-17T09:29:57Z',
        priority: 'low',
        locale: 'fr-CA',
        texts: {
          en: 'The kettle you asked about is back in stock.',
          fr: 'La bouilloire que vous attendiez est de nouveau disponible ☕',
          de: 'Der Wasserkocher, nach dem Sie gefragt haben, ist wieder da.',
        },
      },
    },
  ],
};

export const shown = [/^La bouilloire .* ☕$/, /^Ihre Bestellung B‑2044 wurde zugestellt/];
