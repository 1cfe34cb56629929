import { changed, type Meanings, tracking } from '../meaning.ts';

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

export const meanings: Meanings = {
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
};

export const shown = [/^Gute Nachrichten: .* 5001 .*DHL/, /^Wir haben .*Bestellung 5001/];
