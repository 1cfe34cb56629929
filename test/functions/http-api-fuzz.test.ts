import { Logger } from '@aws-lambda-powertools/logger';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import config from '../../bridge.config.ts';
import { createBrevoClient } from '../../lib/brevo/client.ts';
import { createBudget } from '../../lib/budget/budget-store.ts';
import { createMeteredClient } from '../../lib/budget/metered-client.ts';
import { routesWith } from '../../lib/http/contract/operations.ts';
import { createNoticeStore } from '../../lib/notices/store.ts';
import { sources } from '../../lib/sources/sources.ts';
import { createBrevo } from '../../tools/brevo/brevo.ts';
import { startDatabase, tableName } from '../../tools/simulation/database.ts';
import { DroppedMetrics } from '../../tools/simulation/function.ts';
import { access, type Call, createApi, token } from '../support/http-api.ts';
import { cases } from '../support/in-depth.ts';

const operations = routesWith(sources);

const requests = cases(1_000, 10_000);

/** The API with a simulated Brevo and a database without sockets, so that ten thousand requests take seconds. */
const start = async () => {
  const { client } = await startDatabase();
  const limit = { limit: 1_000_000, windowSeconds: 3600, kind: 'fixed', scope: 'account' } as const;
  const brevo = createBrevo({ now: Date.now, random: Math.random, apiKey: 'test-key', limit });
  let sent = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    sent++;
    const {
      status = 500,
      headers = {},
      body = '',
    } = brevo
      .handle({
        method: init?.method ?? 'GET',
        path: new URL(String(input)).pathname,
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: String(init?.body ?? ''),
      })
      .complete() ?? {};
    return new Response(body === '' ? null : body, { status, headers });
  };
  const table = { client, tableName, now: Date.now };
  const metrics = new DroppedMetrics({ namespace: 'test' });
  const logger = new Logger({ logLevel: 'SILENT' });
  const budget = createBudget({
    ...table,
    plan: { limit: limit.limit, windowMs: 3_600_000, scope: 'account' },
    random: Math.random,
    pause: async () => {},
    upcoming: (_now, _stepMs, steps) => Array.from({ length: steps }, () => 0),
  });
  const brevoClient = createBrevoClient({
    baseUrl: 'http://brevo.test/v3',
    credentials: async () => ({ apiKey: 'test-key' }),
    fetch,
    timeoutMs: 1_000,
  });
  const api = await createApi({
    ...access,
    store: createNoticeStore({ ...table, onUnreadable: () => {} }),
    budget,
    brevo: createMeteredClient({ brevo: brevoClient, budget, logger }),
    publish: async () => {},
    logger,
    metrics,
    now: Date.now,
    random: Math.random,
    pause: async () => {},
    config,
  });
  return { api, sent: () => sent };
};

const text = fc.oneof(
  fc.constantFrom('Hello', 'Grüße 🎁', ' ', '', '__proto__', '../..', '%2F', 'a/b', '\u0000', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const id = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'order:1',
    'visitor-1',
    'd9nKoegKSjmCtyK78',
    '..',
    '.',
    'ä'.repeat(1_200),
    '🎁'.repeat(1_200),
  ),
  text,
);

const field = fc.constantFrom(
  ...[
    'visitorId',
    'text',
    'agentId',
    'groupId',
    'reference',
    'action',
    'messageId',
    'agentEmail',
    'agentName',
  ],
  ...['receivedFrom', '__proto__', 'constructor', ''],
);
const action = fc.constantFrom('sent', 'resend', 'drop', 'retry', 'burn');
const value = fc.oneof(
  id,
  action,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(id, { maxLength: 2 }),
);

/** The example of each operation's body, unchanged or made invalid. */
const body = fc.oneof(
  fc.constantFrom(...operations.map((operation) => operation.example ?? null)),
  fc.dictionary(field, value, { maxKeys: 5 }),
  fc
    .tuple(fc.constantFrom(...operations.map((operation) => operation.example ?? {})), field, value)
    .map(([example, name, wrong]) => ({ ...Object(example), [name]: wrong })),
  fc.jsonValue({ maxDepth: 2 }),
);

const raw = fc.record(
  {
    body: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant(null)),
    isBase64Encoded: fc.boolean(),
  },
  { requiredKeys: [] },
);

const headers = fc
  .tuple(
    fc.constantFrom(...Array.from({ length: 9 }, () => `Bearer ${token}`), 'Bearer x', '', undefined),
    fc.constantFrom('application/json', 'application/json', 'application/json', 'text/plain', undefined),
    fc.dictionary(fc.constantFrom('idempotency-key', 'origin', 'x-other'), text, { maxKeys: 1 }),
  )
  .map(([authorization, type, others]) => ({
    ...others,
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { 'content-type': type }),
  }));

const path = fc.oneof(
  fc
    .tuple(fc.constantFrom(...operations.map((operation) => operation.path)), id)
    .map(([template, name]) =>
      template.replaceAll(/\{\w+\}/g, () => encodeURIComponent(name.toWellFormed())),
    ),
  fc.webPath(),
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom('?held', '?limit=2', '?limit=0', '?cursor=abc', '?held=1', '?x=y'),
  fc.webQueryParameters().map((parameters) => `?${parameters}`),
);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS');

interface Request {
  method: string;
  target: string;
  call: Call;
}

/** Placeholder for the message that was sent last, because its id is not known in advance. */
const latest = 'latest-message';

const right = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const names = fc.constantFrom('back-in-stock:4711', 'visitor-1', latest, 'order:1001/shipment:7');

/** A request as documented. */
const valid: fc.Arbitrary<Request> = fc
  .record({
    operation: fc.constantFrom(...operations),
    name: names,
    reference: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    visitorId: fc.constantFrom('v1', 'v2'),
  })
  .map(({ operation, name, ...varied }) => {
    const { method, path, example } = operation;
    const target = path.replaceAll(/\{\w+\}/g, encodeURIComponent(name));
    if (example === undefined) return { method, target, call: { headers: right } };
    const isPost = operation.id === 'postPushedMessage';
    return {
      method,
      target,
      call: { headers: right, body: { ...Object(example), ...(isPost ? varied : {}) } },
    };
  });

/** A request made invalid. */
const nearlyValid: fc.Arbitrary<Request> = fc
  .tuple(
    valid,
    fc.oneof(
      fc.record({ method }),
      fc.record({ query }),
      fc.record({ headers }),
      fc.record({ field, value }),
      fc.record({ raw }),
    ),
  )
  .map(([{ method: meant, target, call }, amiss]) => ({
    method: 'method' in amiss ? amiss.method : meant,
    target: 'query' in amiss ? `${target}${amiss.query}` : target,
    call: {
      ...call,
      ...('headers' in amiss ? { headers: amiss.headers } : {}),
      ...('raw' in amiss ? { raw: amiss.raw } : {}),
      ...('field' in amiss ? { body: { ...Object(call.body), [amiss.field]: amiss.value } } : {}),
    },
  }));

const garbage: fc.Arbitrary<Request> = fc.record({
  method,
  target: fc.tuple(path, query).map(([where, what]) => `${where}${what}`),
  call: fc.oneof(fc.record({ body, headers }), fc.record({ headers }), fc.record({ headers, raw })),
});

const request = fc.oneof(valid, nearlyValid, garbage);

/** Statuses of requests that were refused before they had any effect. */
const refusals = [400, 401, 403, 405, 409, 413, 415];

test(`none of ${requests} requests is answered with 500, and no refused request has a cost`, {
  timeout: 300_000,
}, async () => {
  const { api, sent } = await start();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const seen = new Map<number, number>();
  let message = 'none-yet';
  await fc.assert(
    fc.asyncProperty(request, async ({ method, target, call }) => {
      const before = sent();
      // Validates every answer against the OpenAPI document, including problem documents.
      const { status, body } = await api(method, target.replace(latest, message), call);
      if (status === 201) message = z.object({ id: z.string() }).parse(body).id;
      seen.set(status, (seen.get(status) ?? 0) + 1);
      // Only a failure of Brevo’s could be one, and the simulated one does not fail.
      expect(status).toBeLessThan(500);
      if (status >= 400)
        expect(body).toMatchObject({ status, title: expect.any(String), type: expect.any(String) });
      if (refusals.includes(status)) expect(sent()).toBe(before);
    }),
    { numRuns: requests },
  );
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  // The test would prove little if all requests were refused, or none.
  for (const status of [200, 201, 202, 204, ...refusals.filter((each) => each !== 413), 404])
    expect(seen.get(status) ?? 0, `${status} was never answered`).toBeGreaterThan(0);
});
