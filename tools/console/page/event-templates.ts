export const eventTypes = [
  'order.status_changed',
  'announcement.published',
  'notice.requested',
  'notice.withdrawn',
] as const;

export type EventType = (typeof eventTypes)[number];

/** What an event of the type may look like, as it is written in the editor. */
export function templateOf(type: EventType): string {
  return JSON.stringify({ ...examples[type], occurredAt: new Date().toISOString() }, null, 2);
}

const examples: Record<EventType, object> = {
  'order.status_changed': {
    orderId: '3001',
    status: 'shipped',
    visitorId: 'ada',
    locale: 'es',
    carrier: 'Correos',
  },
  'announcement.published': {
    announcementId: 'spring',
    visitorIds: ['ada', 'lea', 'jonas'],
    texts: { en: 'Free shipping this weekend.', fr: 'Livraison offerte ce week-end.' },
    locale: 'en',
  },
  'notice.requested': {
    reference: 'back-in-stock:4711',
    visitorId: 'ada',
    text: 'The blue mug is back in stock.',
    priority: 'high',
  },
  'notice.withdrawn': { reference: 'back-in-stock:4711' },
};
