/** The customers of the sample shop, each with an order to be told of. */
export type Customer = {
  name: string;
  visitorId: string;
  locale: string;
  /** The number of the first order; further ones count on. */
  firstOrder: string;
  /** What was ordered, as the page shows it. */
  summary: string;
  /** What every event of the order says about it. */
  order: {
    currency: string;
    total: number;
    items: { name: string; quantity: number }[];
    carrier: string;
    trackingNumber: string;
  };
};

export const customers: readonly Customer[] = [
  {
    name: 'Ada Okafor',
    visitorId: 'ada',
    locale: 'en-GB',
    firstOrder: '2041',
    summary: '2 × Stoneware mug · £38.00',
    order: {
      currency: 'GBP',
      total: 38,
      items: [{ name: 'Stoneware mug', quantity: 2 }],
      carrier: 'Royal Mail',
      trackingNumber: 'QK301942758GB',
    },
  },
  {
    name: 'Léa Fontaine',
    visitorId: 'lea',
    locale: 'fr-FR',
    firstOrder: '2042',
    summary: '1 × Théière en fonte · 64,90 €',
    order: {
      currency: 'EUR',
      total: 64.9,
      items: [{ name: 'Théière en fonte', quantity: 1 }],
      carrier: 'Colissimo',
      trackingNumber: '8R40932075611',
    },
  },
  {
    name: 'Jonas Weber',
    visitorId: 'jonas',
    locale: 'de-DE',
    firstOrder: '2043',
    summary: '3 × Sencha, 100 g · 41,70 €',
    order: {
      currency: 'EUR',
      total: 41.7,
      items: [{ name: 'Sencha, 100 g', quantity: 3 }],
      carrier: 'DHL',
      trackingNumber: '00340434161094042557',
    },
  },
];
