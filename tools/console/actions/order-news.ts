import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import { type Act, action, NotDone } from '../act.ts';
import { customers } from '../customers.ts';
import type { Order } from '../state.ts';
import type { PutEvents } from './put-events.ts';

const dayMs = 86_400_000;
const news = z.object({ visitorId: z.string(), status: z.enum([...orderStatuses]) });

/** Tells the bus of a new status of a customer's present order. */
export const tellStatus = (putEvents: PutEvents, orders: () => Promise<Order[]>): Act =>
  action(news, async ({ visitorId, status }) => {
    const customer = customers.find((each) => each.visitorId === visitorId);
    const order = (await orders()).find((each) => each.visitorId === visitorId);
    if (customer === undefined || order === undefined) throw new NotDone(`There is no customer ${visitorId}`);
    const { orderId, locale } = order;
    const now = new Date();
    const { trackingNumber } = customer.order;
    const data = {
      orderId,
      orderNumber: `#${orderId}`,
      visitorId,
      locale,
      status,
      occurredAt: now.toISOString(),
      ...customer.order,
      trackingUrl: `https://tracking.example.com/${trackingNumber}`,
      estimatedDelivery: new Date(now.getTime() + 3 * dayMs).toISOString().slice(0, 10),
    };
    const metadata = { id: randomUUID(), timestamp: now.toISOString() };
    await putEvents([
      {
        Source: 'shop.orders',
        DetailType: 'order.status_changed',
        Detail: JSON.stringify({ metadata, data }),
        Time: now,
      },
    ]);
    return `Order ${orderId}: ${status} is on the bus.`;
  });
