import { changed, type Meanings, tracking } from '../meaning.ts';

const teapot = {
  orderId: '018f2c5e7a1b7cd38e4f5a6b7c8d9e01',
  orderNumber: '10001',
  customerId: 'shopware:018e1b4d6c0a7bc27d3e4f5a6b7c8d91',
  locale: 'de-DE',
  currency: 'EUR',
};
const bought = {
  total: 54.9,
  items: [
    { name: 'Teekanne „Münchner Blau“', quantity: 1 },
    { name: 'Grüner Tee 玉露 – 100 g', quantity: 2 },
  ],
};
const cancelled = {
  orderId: '018f2c5e7a1b7cd38e4f5a6b7c8d9e02',
  orderNumber: '10002',
  visitorId: 'Xq3vZt8LmB2sKd7wRf5nHy6cPj9gTa4e',
  locale: 'fr-FR',
  currency: 'EUR',
};
const samovar = {
  orderId: '018f2c5e7a1b7cd38e4f5a6b7c8d9e03',
  orderNumber: '10003',
  customerId: 'shopware:018e1b4d6c0a7bc27d3e4f5a6b7c8d93',
  locale: 'fr-FR',
  currency: 'EUR',
};
const parcel = (shipmentId: string, trackingNumber: string) => ({
  shipmentId,
  trackingNumber,
  trackingUrl: `${tracking}/dhl/${trackingNumber}`,
});

export const meanings: Meanings = {
  'shopware-order-placed': [changed('2026-01-15T09:20:01.000Z', { ...teapot, ...bought, status: 'pending' })],
  'shopware-order-paid': [changed('2026-01-15T09:20:09.000Z', { ...teapot, ...bought, status: 'paid' })],
  'shopware-order-shipped': [
    changed('2026-01-15T09:26:40.000Z', {
      ...teapot,
      ...parcel('018f2c5e7a1c7cd38e4f5a6b7c8d9e11', '00340434161094022115'),
      status: 'shipped',
    }),
  ],
  'shopware-order-cancelled': [
    changed('2026-01-15T09:24:00.000Z', {
      ...cancelled,
      status: 'cancelled',
      total: 42.9,
      items: [{ name: 'Théière en fonte 南部鉄器', quantity: 1 }],
    }),
  ],
  'shopware-order-refunded': [
    changed('2026-01-15T09:25:10.000Z', {
      ...cancelled,
      status: 'refunded',
      refundId: '018f2c5e7a1d7cd38e4f5a6b7c8d9e22',
    }),
  ],
  'shopware-two-parcels-shipped': [
    changed('2026-01-15T09:27:30.000Z', {
      ...samovar,
      ...parcel('018f2c5e7a1c7cd38e4f5a6b7c8d9e13', '6A21748839201'),
      status: 'shipped',
    }),
    changed('2026-01-15T09:27:30.000Z', {
      ...samovar,
      ...parcel('018f2c5e7a1c7cd38e4f5a6b7c8d9e13-6A21748839218', '6A21748839218'),
      status: 'shipped',
    }),
  ],
};

export const shown = [
  /^Danke! .*54,90.* 10001/,
  /^Votre commande 10002 a été annulée/,
  /remboursement pour votre commande 10002/,
];
