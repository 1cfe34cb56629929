import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import config from '../../bridge.config.ts';
import { type BrevoOptions, createBrevoClient } from '../../lib/brevo/client.ts';
import { type BudgetOptions, createBudget } from '../../lib/budget/budget-store.ts';
import { createMeteredClient } from '../../lib/budget/metered-client.ts';
import type { OutgoingEvent } from '../../lib/bus/publisher.ts';
import type { BatchDeps } from '../../lib/notices/ingest.ts';
import type { Worker } from '../../lib/notices/reconcile.ts';
import { type Aliases, createAliases } from '../../lib/orders/aliases.ts';
import { mapLocated } from '../../lib/orders/locate.ts';
import { mapEvent, visitorIdOf } from '../../lib/orders/map-event.ts';
import { createParcelStore } from '../../lib/orders/parcel-store.ts';
import { createPartnerReader } from '../../lib/sources/partners.ts';
import { partnerSources } from '../../tools/aws/account.ts';
import { type BrevoServerOptions, startBrevo } from '../../tools/brevo/server.ts';
import { noon } from './incoming.ts';
import { startTestStore } from './stack.ts';

const storedMessages = z.array(
  z.object({
    id: z.string(),
    visitorId: z.string(),
    text: z.string(),
    deletedAt: z.optional(z.nullable(z.number())),
  }),
);

const loggedRequests = z.array(z.object({ method: z.string(), changed: z.nullable(z.string()) }));

/** The simulated Brevo until the test ends, with what a test asks of it. */
export const startTestBrevo = async (options: Partial<BrevoServerOptions> = {}) => {
  const limit = { limit: 10_000, windowSeconds: 3600, kind: 'fixed', scope: 'account' } as const;
  const server = await startBrevo({ port: 0, apiKey: 'test-key', limit, ...options });
  onTestFinished(() => server.close());
  const control = async (path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/control/${path}`, {
      ...init,
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const messages = async (visitorId = 'visitor-1') =>
    storedMessages.parse(await control(`messages?visitorId=${encodeURIComponent(visitorId)}`));
  return {
    baseUrl: server.baseUrl,
    control,
    messages,
    /** The texts that stand in the visitor's chat. */
    chat: async (visitorId?: string): Promise<string[]> =>
      (await messages(visitorId)).filter(({ deletedAt }) => deletedAt == null).map(({ text }) => text),
    /** The requests so far, as `POST created`. */
    requests: async (): Promise<string[]> =>
      loggedRequests.parse(await control('requests')).map(({ method, changed }) => `${method} ${changed}`),
  };
};

/** All that takes an event to the chat, with real servers, and a clock in the test's hand. */
export const startBridge = async (options: Partial<BudgetOptions> = {}) => {
  const clock = { now: noon };
  const now = () => clock.now;
  const [brevo, { store, client, tableName }] = await Promise.all([
    startTestBrevo({
      now,
      limit: { limit: options.plan?.limit ?? 10_000, windowSeconds: 3600, kind: 'fixed', scope: 'account' },
    }),
    startTestStore(now),
  ]);
  const budget = createBudget({
    client,
    tableName,
    now,
    plan: { limit: 10_000, windowMs: 3_600_000, scope: 'account' },
    random: Math.random,
    pause: async () => {},
    upcoming: (_now, _stepMs, steps) => Array.from({ length: steps }, () => 0),
    ...options,
  });
  const published: OutgoingEvent[] = [];
  const deadLetters: { body: string; reason: string }[] = [];
  let leases = 0;
  const logger = new Logger({ logLevel: 'SILENT' });
  const table = { client, tableName, now };
  const aliases = createAliases(table);
  type Connected = BatchDeps & Worker & { aliases: Aliases };
  const worker = (given: Partial<Connected & BrevoOptions> = {}): Connected => {
    const id = `lease-${leases++}`;
    const client = createBrevoClient({
      baseUrl: brevo.baseUrl,
      credentials: async () => ({ apiKey: 'test-key' }),
      fetch,
      timeoutMs: 2_000,
      ...given,
    });
    const mapped = {
      config: given.config ?? config,
      visitorIdOf: (customerId: string) => visitorIdOf('test-visitor-secret', customerId),
    };
    const told = {
      logger,
      metrics: new Metrics({ namespace: 'test' }),
      deadLetter: async (body: string, reason: string) => void deadLetters.push({ body, reason }),
      ...given,
    };
    return {
      store,
      aliases,
      brevo: createMeteredClient({ brevo: client, budget, logger }),
      publish: async (events) => void published.push(...events),
      logger,
      now,
      newId: randomUUID,
      pause: async () => {},
      lease: () => ({ id, until: now() + 60_000 }),
      hasTime: () => true,
      mayRetry: () => false,
      budget,
      metrics: told.metrics,
      random: () => 0.5,
      config,
      readPartner: createPartnerReader(partnerSources),
      mapEvent: mapLocated({
        ...told,
        config: mapped.config,
        aliases,
        parcels: createParcelStore(table),
        map: mapEvent(mapped),
      }),
      deadLetter: told.deadLetter,
      ...given,
    };
  };
  return { clock, brevo, store, aliases, budget, client, tableName, published, deadLetters, worker };
};
