import { changed, type Meanings, tracking, visitorId } from '../meaning.ts';

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

export const meanings: Meanings = {
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
};

export const shown = [
  /^Merci ! .*50,50.*#1001/,
  /^Votre commande #1001 est en cours de livraison/,
  /#1001.*Purolator/,
  /^Votre commande #1001 est prête à être retirée/,
  /^Votre commande #1002 a été annulée/,
  /remboursement pour votre commande #1002/,
];
