import { type Meanings, moved, tracking } from '../meaning.ts';

export const meanings: Meanings = {
  'easypost-delivered': [
    moved('2026-01-15T09:29:05.000Z', {
      trackingNumber: '6A21748839218',
      status: 'delivered',
      carrier: 'Colissimo',
      trackingUrl: `${tracking}/easypost/trk_f8a1d2c3b4e5`,
      estimatedDelivery: '2026-01-15',
    }),
  ],
  'easypost-tracker-created': 'no message for the status unknown',
};

export const shown = [/^Votre commande 10003 a été livrée/];
