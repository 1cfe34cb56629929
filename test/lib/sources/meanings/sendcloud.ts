import { type Meanings, moved, tracking } from '../meaning.ts';

export const meanings: Meanings = {
  'sendcloud-driver-en-route': [
    moved('2026-01-15T09:29:10.000Z', {
      trackingNumber: '00340434161094022115',
      orderNumber: '10001',
      orderId: '018f2c5e7a1b7cd38e4f5a6b7c8d9e01',
      status: 'out_for_delivery',
      carrier: 'DHL',
      trackingUrl: `${tracking}/sendcloud/00340434161094022115?lang=de`,
    }),
  ],
  'sendcloud-label-cancelled': 'no message for the status 2000',
};

export const shown = [/^Ihre Bestellung 10001 wird gerade zugestellt/];
