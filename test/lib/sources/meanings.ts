/** The expected result of each webhook of `events/`: its events with their times, or why there are none. */

const visitorId = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';
const tracking = 'https://tracking.example.com';

interface Expected {
  type: string;
  at: string;
  data: object;
}

/** An order event has the time at which the change occurred. */
const changed = (occurredAt: string, data: object): Expected => ({
  type: 'order.status_changed',
  at: occurredAt,
  data: { ...data, occurredAt },
});

const withdrawn = (occurredAt: string, reference: string): Expected => ({
  type: 'notice.withdrawn',
  at: occurredAt,
  data: { reference, occurredAt },
});

const mugs = { name: 'Tasse en céramique « Été » – bleu', quantity: 2 };
const tea = { name: 'Thé vert 煎茶 🍵', quantity: 1 };
const first = {
  orderId: '6120478310577',
  orderNumber: '#1001',
  visitorId,
  locale: 'fr-CA',
  total: 50.5,
  currency: 'CAD',
};
const mugParcel = {
  shipmentId: '5523019661361',
  carrier: 'Postes Canada',
  trackingNumber: '7023210039414604',
  trackingUrl: `${tracking}/ca/7023210039414604?lang=fr&ref=1`,
  items: [mugs],
};

const kettleFacts = {
  orderId: '5001',
  orderNumber: '5001',
  customerId: 'woocommerce:17',
  locale: 'de',
  currency: 'EUR',
};
const kettle = {
  ...kettleFacts,
  total: 44.8,
  items: [
    { name: 'Teekanne „Münchner Blau“', quantity: 1 },
    { name: 'Grüner Tee 玉露 – 100 g', quantity: 2 },
  ],
};

const basket = { orderId: '7001', orderNumber: 'ES-7001', visitorId, currency: 'EUR' };

const conversationId = 'MxhGJAEugdLtS2BBq';
const received = (createdAt: string, data: object): Expected => ({
  type: 'conversation.message_received',
  at: createdAt,
  data: { conversationId, visitorId, ...data, createdAt },
});
const asked = received('2026-01-15T09:28:30.000Z', {
  messageId: 'dkmyYPxJyh5rKDhRT',
  type: 'visitor',
  text: 'Bonjour ! Où en est ma commande #1001 ? Les « tasses » sont un cadeau 🎁',
});
const answered = received('2026-01-15T09:28:54.000Z', {
  messageId: 'q8WnB2vLsTz6XcRfE',
  type: 'agent',
  text: 'Bonjour Zoë, je regarde tout de suite 👀',
  agentId: 'bnRzp4CioKudG4aHm',
});
const seen = (at: string, messageId: string, text: string): Expected => ({
  type: 'message.seen',
  at,
  data: { visitorId, messageId, text },
});
const pushed = seen(
  '2026-01-15T09:29:01.000Z',
  'pM7kD3hJx9Vt2NwQa',
  'Bonne nouvelle : votre commande #1001 est en route avec Postes Canada.',
);
const sentByBridge = seen(
  '2026-01-15T09:29:06.000Z',
  'rT5gY8uIo1PaSdFgH',
  'Votre remboursement est parti – « merci » de votre patience.',
);
const photo = received('2026-01-15T09:29:22.000Z', { messageId: 'zX4cV6bN8mLkJ2hGf', type: 'visitor' });
const thanks = received('2026-01-15T09:29:31.000Z', {
  messageId: 'hG2fD4sA6qWeR8tYu',
  type: 'visitor',
  text: 'Merci beaucoup !\nBonne journée ☀️',
});

export const expected: Record<string, Expected[] | string> = {
  'shopify-order-created': [
    changed('2026-01-15T09:20:11.000Z', { ...first, status: 'pending', items: [mugs, tea] }),
  ],
  'shopify-order-paid': [
    changed('2026-01-15T09:22:37.000Z', { ...first, status: 'paid', items: [mugs, tea] }),
  ],
  'shopify-order-fulfilled': [
    changed('2026-01-15T09:26:40.000Z', { ...first, ...mugParcel, status: 'shipped' }),
    changed('2026-01-15T09:28:02.000Z', {
      ...first,
      status: 'shipped',
      shipmentId: '5523019694129',
      carrier: 'Purolator',
      trackingNumber: '329014521622',
      trackingUrl: `${tracking}/purolator/329014521622`,
      items: [tea],
    }),
  ],
  'shopify-fulfillment-out-for-delivery': [
    changed('2026-01-15T09:29:51.000Z', {
      ...mugParcel,
      orderId: first.orderId,
      orderNumber: '#1001',
      status: 'out_for_delivery',
    }),
  ],
  'shopify-carrier-ready-for-pickup': [
    changed('2026-01-15T09:29:54.000Z', {
      orderId: first.orderId,
      status: 'ready_for_pickup',
      shipmentId: '5523019791111',
    }),
  ],
  'shopify-gift-card-fulfilled': 'nothing is on its way to the customer',
  'shopify-order-cancelled': [
    changed('2026-01-15T09:24:19.000Z', {
      orderId: '6120481423665',
      orderNumber: '#1002',
      status: 'cancelled',
      visitorId: 'Xq3vZt8LmB2sKd7wRf5nHy6cPj9gTa4e',
      locale: 'fr-CA',
      total: 42.9,
      currency: 'EUR',
      items: [{ name: 'Théière en fonte 南部鉄器', quantity: 1 }],
    }),
  ],
  'shopify-refund-created': [
    changed('2026-01-15T09:24:18.000Z', {
      orderId: '6120481423665',
      status: 'refunded',
      refundId: '1004881608945',
      total: 42.9,
      currency: 'EUR',
    }),
  ],
  'woocommerce-order-created': [changed('2026-01-15T09:12:47.000Z', { ...kettle, status: 'paid' })],
  'woocommerce-order-completed': [
    changed('2026-01-15T09:27:05.000Z', {
      ...kettle,
      status: 'completed',
      carrier: 'DHL Päckchen',
      trackingNumber: '00340434161094021501',
      trackingUrl: `${tracking}/dhl/00340434161094021501`,
    }),
  ],
  'woocommerce-order-partly-refunded': [
    changed('2026-01-15T09:28:40.000Z', {
      ...kettle,
      status: 'completed',
      carrier: 'DHL Päckchen',
      trackingNumber: '00340434161094021501',
      trackingUrl: `${tracking}/dhl/00340434161094021501`,
    }),
    changed('2026-01-15T09:28:40.000Z', { ...kettleFacts, status: 'refunded', refundId: '5009', total: 12 }),
  ],
  'woocommerce-order-deleted': [
    {
      type: 'notice.withdrawn',
      at: '2026-01-15T09:30:00.000Z',
      data: { reference: 'order:5002', occurredAt: '2026-01-15T09:30:00.000Z', unlessReopened: true },
    },
  ],
  'woocommerce-ping': 'ping',
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
  'brevo-conversation-started': [
    {
      type: 'conversation.started',
      at: '2026-01-15T09:28:30.000Z',
      data: {
        conversationId,
        visitorId,
        startPage: 'https://shop.example.com/fr/commandes/1001',
        isNoAvailableAgent: false,
        source: 'widget',
      },
    },
    asked,
  ],
  'brevo-conversation-fragment': [asked, answered, pushed, sentByBridge, photo],
  'brevo-conversation-transcript': [
    asked,
    answered,
    pushed,
    sentByBridge,
    photo,
    thanks,
    {
      type: 'conversation.ended',
      at: '2026-01-15T09:29:31.000Z',
      data: { conversationId, visitorId, missedMessagesCount: 1 },
    },
  ],
};
