import * as z from 'zod/mini';
import type { BusEvent } from '../../aws/put-events.ts';
import type { Bus } from '../state.ts';

const longest = 30;

const facts = z.object({
  data: z.object({
    orderId: z.optional(z.unknown()),
    shipmentId: z.optional(z.unknown()),
    refundId: z.optional(z.unknown()),
    status: z.optional(z.string()),
    reference: z.optional(z.string()),
    announcementId: z.optional(z.unknown()),
  }),
});

/** Remembers the newest events of the bus. `now` in milliseconds since 1970. */
export function createSeenEvents(now: () => number = Date.now) {
  const bus: Bus = { total: 0, recent: [] };
  return {
    see: (event: BusEvent, queues: string[]): void => {
      bus.total++;
      bus.recent.unshift({
        id: event.id,
        at: now(),
        type: event['detail-type'],
        source: event.source,
        about: aboutOf(event.detail),
        isTaken: queues.length > 0,
      });
      bus.recent.splice(longest);
    },
    bus: (): Bus => bus,
  };
}

export type SeenEvents = ReturnType<typeof createSeenEvents>;

function aboutOf(detail: unknown): string {
  const { data } = facts.safeParse(detail).data ?? {};
  if (data === undefined) return '';
  const { orderId, shipmentId, refundId, status, reference, announcementId } = data;
  const parts = [
    orderId !== undefined && `order ${orderId}`,
    shipmentId !== undefined && `parcel ${shipmentId}`,
    refundId !== undefined && `refund ${refundId}`,
    announcementId !== undefined && `announcement ${announcementId}`,
    reference,
    status,
  ];
  return parts.filter((part) => typeof part === 'string').join(' ');
}
