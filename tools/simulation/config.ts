/** The configuration of the simulated bridge. Its texts name the order, the status and the edition, so that each tells what it is about. */
import { type Config, defineConfig } from '../../lib/config/config.ts';
import type { Order } from '../../lib/texts/order.ts';
import type { OrderStatus } from '../../lib/texts/order-status.ts';
import type { Options } from './options.ts';

/** What a visitor reads about an order. */
export const textOf = (status: OrderStatus, orderNumber: string, trackingNumber = 'none'): string =>
  `Order ${orderNumber} is ${status}, tracking ${trackingNumber}`;

const silent: readonly OrderStatus[] = ['on_hold'];

export const isSilent = (status: OrderStatus): boolean => silent.includes(status);

const policies: Partial<Record<OrderStatus, 'edit' | 'replace'>> = {
  out_for_delivery: 'edit',
  processing: 'replace',
};

export const policyOf = (status: OrderStatus): 'append' | 'edit' | 'replace' => policies[status] ?? 'append';

const say = (status: OrderStatus) =>
  isSilent(status) ? null : ({ number, trackingNumber }: Order) => textOf(status, number, trackingNumber);

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** As they are known in Brevo, and when they are there each day, in UTC: both of them over noon. */
export const agents = [
  { id: 'agent-ada', name: 'Ada', email: 'ada@example.com', from: 7, to: 16 },
  { id: 'agent-bea', name: 'Bea', email: 'bea@example.com', from: 10, to: 19 },
] as const;

const time = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/**
 * @param policy what becomes of older messages; without it each status is a message of its own
 * @throws {ConfigError} when the limit is too low to keep both agents online
 */
export const createConfig = (
  {
    limit,
    window,
    scope,
    unknown,
    freshness,
  }: Pick<Options, 'limit' | 'window' | 'scope' | 'unknown' | 'freshness'>,
  policy: Partial<Record<OrderStatus, 'edit' | 'replace'>> = policies,
): Config =>
  defineConfig({
    defaultLocale: 'en',
    texts: {
      en: {
        pending: say('pending'),
        payment_failed: say('payment_failed'),
        on_hold: say('on_hold'),
        paid: say('paid'),
        processing: say('processing'),
        shipped: say('shipped'),
        out_for_delivery: say('out_for_delivery'),
        delivered: say('delivered'),
        cancelled: say('cancelled'),
        returned: say('returned'),
        refunded: say('refunded'),
      },
    },
    policy,
    priority: { payment_failed: 'high' },
    presence: {
      agents: agents.map(({ id, from, to }) => ({
        agentId: id,
        shifts: [{ days: [...everyDay], from: time(from), to: time(to), timeZone: 'UTC' }],
      })),
    },
    requests: { limit, windowSeconds: window, scope },
    onUnknownOutcome: unknown,
    freshnessHours: freshness,
  });
