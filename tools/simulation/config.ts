/** The options of a run, and the bridge's configuration in it. */
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { type Config, defineConfig } from '../../lib/config/config.ts';
import { parse } from '../../lib/runtime/parse.ts';
import type { Order } from '../../lib/texts/order.ts';
import type { OrderStatus } from '../../lib/texts/order-status.ts';
import { awsLevels } from './aws-trouble.ts';
import { faultLevels } from './trouble.ts';

const count = z.coerce.number().check(z.int(), z.minimum(1));

const options = z.object({
  seed: z._default(z.coerce.number().check(z.int()), 1),
  orders: z._default(count, 100),
  limit: z._default(count, 100),
  /** Seconds. */
  window: z._default(count, 3600),
  kind: z._default(z.enum(['fixed', 'sliding']), 'fixed'),
  scope: z._default(z.enum(['account', 'endpoint']), 'account'),
  faults: z._default(z.enum(faultLevels), 'none'),
  aws: z._default(z.enum(awsLevels), 'none'),
  hours: z._default(z.coerce.number().check(z.positive(), z.maximum(24 * 14)), 24),
  unknown: z._default(z.enum(['hold', 'resend']), 'hold'),
  /** Hours for which Brevo is down, from a third of the time on. */
  outage: z._default(z.coerce.number().check(z.nonnegative(), z.maximum(24 * 7)), 0),
  /** Hours after which an event brings no new message any more. */
  freshness: z._default(z.coerce.number().check(z.positive(), z.maximum(24 * 7)), 24),
  json: z._default(z.boolean(), false),
});

export type Options = z.output<typeof options>;

/** Options with their defaults filled in. */
export const withDefaults = (given: z.input<typeof options> = {}): Options => options.parse(given);

/**
 * Reads the command line.
 * @throws {InvalidInput} naming every option at fault; {TypeError} for one that is not known
 */
export const readOptions = (args: string[]): Options => {
  const flags = Object.keys(options.shape).map(
    (name) => [name, { type: name === 'json' ? 'boolean' : 'string' }] as const,
  );
  const { values } = parseArgs({ args, options: Object.fromEntries(flags) });
  return parse(options, values, 'The command line');
};

/** What a visitor reads about an order: it names order, status and edition, so that no two desired states share a text. */
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
        delayed: say('delayed'),
        out_for_delivery: say('out_for_delivery'),
        delivery_failed: say('delivery_failed'),
        ready_for_pickup: say('ready_for_pickup'),
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
