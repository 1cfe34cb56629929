/** The sample shop: its customers, their present orders, and what can happen to them. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type Notice, stateOf } from '../../lib/notices/notice.ts';
import { orderStatuses } from '../../lib/texts/order-status.ts';
import { type Act, action, NotDone } from './act.ts';
import type { PutEvents } from './events.ts';
import type { Order } from './state.ts';

/** A customer with an order. */
interface Customer {
  name: string;
  visitorId: string;
  locale: string;
  /** The number of the first order; further ones count on. */
  firstOrder: string;
  /** What was ordered, as the page shows it. */
  summary: string;
  /** What every event of the order carries. */
  order: {
    currency: string;
    total: number;
    items: { name: string; quantity: number }[];
    carrier: string;
    trackingNumber: string;
  };
}

const customers: readonly Customer[] = [
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

const orderReference = /^order:(\d+)$/;

/** The sample customers' present orders: the newest that the bridge knows of, or one that was begun since. */
export const createShop = () => {
  const begun = new Map<string, string>();
  const locales = new Map<string, string>();

  const presentOrder = ({ visitorId, firstOrder }: Customer, notices: Notice[]): string =>
    begun.get(visitorId) ??
    newestOf(notices.filter((notice) => notice.visitorId === visitorId)) ??
    firstOrder;

  return {
    orders: (notices: Notice[]): Order[] =>
      customers.map((customer) => {
        const orderId = presentOrder(customer, notices);
        const notice = notices.find(({ reference }) => reference === `order:${orderId}`);
        return {
          customer: customer.name,
          visitorId: customer.visitorId,
          orderId,
          locale: locales.get(customer.visitorId) ?? customer.locale,
          ownLocale: customer.locale,
          summary: customer.summary,
          ...(notice?.desired !== undefined && { status: notice.desired.status }),
          ...(notice !== undefined && { state: stateOf(notice) }),
        };
      }),
    begin: (visitorId: string, notices: Notice[]): string => {
      const taken = [
        ...customers.map(({ firstOrder }) => firstOrder),
        ...begun.values(),
        newestOf(notices) ?? '0',
      ];
      const orderId = String(Math.max(...taken.map(Number)) + 1);
      begun.set(visitorId, orderId);
      return orderId;
    },
    setLocale: (visitorId: string, locale: string): void => {
      locales.set(visitorId, locale);
    },
  };
};

export type Shop = ReturnType<typeof createShop>;

/** Numbers of more digits are other shops' samples. */
const newestOf = (notices: Notice[]): string | undefined => {
  const numbers = notices
    .map(({ reference }) => orderReference.exec(reference)?.[1])
    .filter((number) => number?.length === 4);
  return numbers.toSorted().at(-1);
};

/** Starts another order of a customer. */
export const beginOrder = (shop: Shop, readTable: () => Promise<{ notices: Notice[] }>): Act =>
  action(z.object({ visitorId: z.string() }), async ({ visitorId }) => {
    const { notices } = await readTable();
    return `Started order ${shop.begin(visitorId, notices)}.`;
  });

/** Sets the locale that the next events of a customer name. */
export const chooseLocale = (shop: Shop): Act =>
  action(z.object({ visitorId: z.string(), locale: z.string() }), async ({ visitorId, locale }) => {
    shop.setLocale(visitorId, locale);
    return `The next events will use the locale ${locale}.`;
  });

const dayMs = 86_400_000;
const statusChange = z.object({ visitorId: z.string(), status: z.enum([...orderStatuses]) });

/** Puts a new status of a customer's present order on the bus. */
export const sendStatus = (putEvents: PutEvents, orders: () => Promise<Order[]>): Act =>
  action(statusChange, async ({ visitorId, status }) => {
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
    return `Sent ${status} of order ${orderId} to the event bus.`;
  });
