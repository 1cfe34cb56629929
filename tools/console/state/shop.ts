import type { Notice } from '../../../lib/notices/notice.ts';
import { stateOf } from '../../../lib/notices/notice.ts';
import { type Customer, customers } from '../customers.ts';
import type { Order } from '../state.ts';

const orderReference = /^order:(\d+)$/;

/** The sample customers' present orders: the newest that the bridge knows of, or one that was begun since. */
export function createShop() {
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
    speak: (visitorId: string, locale: string): void => {
      locales.set(visitorId, locale);
    },
  };
}

export type Shop = ReturnType<typeof createShop>;

/** Numbers of more digits are other shops' samples. */
function newestOf(notices: Notice[]): string | undefined {
  const numbers = notices
    .map(({ reference }) => orderReference.exec(reference)?.[1])
    .filter((number) => number?.length === 4);
  return numbers.toSorted().at(-1);
}
