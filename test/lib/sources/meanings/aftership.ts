import { type Meanings, moved, tracking } from '../meaning.ts';

export const meanings: Meanings = {
  'aftership-ready-for-pickup': [
    moved('2026-01-15T09:28:50.000Z', {
      trackingNumber: '6A21748839201',
      orderNumber: '#10003',
      status: 'ready_for_pickup',
      carrier: 'Colissimo',
      trackingUrl: `${tracking}/colissimo/6A21748839201`,
      estimatedDelivery: '2026-01-17',
      locale: 'fr',
    }),
  ],
  'aftership-estimate-revised': 'unknown event: edd_revise',
};

export const shown = [/^Votre commande 10003 est prête à être retirée/];
