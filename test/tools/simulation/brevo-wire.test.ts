import { expect, test } from 'vitest';
import { createBrevoClient } from '../../../lib/brevo/client.ts';
import { createBrevoWire } from '../../../tools/simulation/brevo-wire.ts';
import { createClock } from '../../../tools/simulation/clock.ts';
import { createGate, type Ending } from '../../../tools/simulation/gate.ts';
import { createRandom } from '../../../tools/simulation/random.ts';
import type { Trouble } from '../../../tools/simulation/trouble.ts';

const timeoutMs = 12_000;

/** Posts a message through the real client, and returns what came of it. */
const post = async (trouble: Partial<Trouble>) => {
  const clock = createClock(0);
  const gate = createGate({ clock, random: createRandom(1, 'gate'), killShare: 0, onKill: () => {} });
  const wire = createBrevoWire({
    clock,
    gate,
    random: createRandom(1, 'brevo'),
    limit: { limit: 100, windowSeconds: 3600, kind: 'fixed', scope: 'account' },
    agents: [],
    apiKey: 'key',
    timeoutMs,
    troubleAt: () => ({ withoutHeaders: false, ...trouble }),
  });
  const credentials = async () => ({ apiKey: 'key' });
  const client = createBrevoClient({ baseUrl: 'http://brevo/v3', credentials, fetch: wire.fetch, timeoutMs });
  let ended: { at: number; ending: Ending<unknown> } | undefined;
  void gate
    .run('a', 60_000, () => client.pushedMessages.post({ visitorId: 'visitor-1', text: 'Hello' }))
    .then((ending) => {
      ended = { at: clock.now(), ending };
    });
  await clock.runUntil(59_000);
  const { ending, at = 0 } = ended ?? {};
  const [call] = wire.calls;
  return {
    at,
    ending,
    error: ending?.kind === 'failed' && ending.error instanceof Error ? ending.error.name : undefined,
    heard: call?.heard?.status,
    texts: wire.messages().map(({ text }) => text),
    requests: wire.requests().map(({ status }) => status),
  };
};

test('a message arrives within milliseconds, and its answer comes with the headers of the limit', async () => {
  const { at, ending, heard, texts } = await post({});
  expect(ending).toMatchObject({ kind: 'done', result: { rateLimit: { limit: 100, remaining: 99 } } });
  expect({ heard, texts, isSoon: at < 2_000 }).toEqual({ heard: 200, texts: ['Hello'], isSoon: true });
});

test('headers can be missing', async () => {
  const { ending } = await post({ withoutHeaders: true });
  expect(ending).toMatchObject({ kind: 'done', result: { rateLimit: {} } });
});

test.each([
  { trouble: { isRefused: true }, error: 'NotSent', heard: 'refused', texts: [], requests: [] },
  { trouble: { isRevoked: true }, error: 'Unauthorised', heard: 401, texts: [], requests: [401] },
  {
    trouble: { fault: { kind: 'status', status: 503 } },
    error: 'ServerError',
    heard: 503,
    texts: [],
    requests: [503],
  },
  {
    trouble: { fault: { kind: 'status-after', status: 502 } },
    error: 'ServerError',
    heard: 502,
    texts: ['Hello'],
    requests: [502],
  },
  {
    trouble: { fault: { kind: 'reset-before' } },
    error: 'OutcomeUnknown',
    heard: 'lost',
    texts: [],
    requests: [null],
  },
  {
    trouble: { fault: { kind: 'reset-after' } },
    error: 'OutcomeUnknown',
    heard: 'lost',
    texts: ['Hello'],
    requests: [null],
  },
] as const)('$trouble reaches the client as $error', async ({ trouble, ...expected }) => {
  const { error, heard, texts, requests } = await post(trouble);
  expect({ error, heard, texts, requests }).toEqual(expected);
});

test('an answer that takes too long is given up on when the client would, whatever Brevo does later', async () => {
  const late = await post({ fault: { kind: 'late', delayMs: 40_000 } });
  expect(late).toMatchObject({ error: 'OutcomeUnknown', heard: 'lost', texts: ['Hello'] });
  expect(late.at).toBeGreaterThanOrEqual(timeoutMs);
  expect(late.at).toBeLessThan(timeoutMs + 1_000);
  const slow = await post({ fault: { kind: 'delay', delayMs: 5_000 } });
  expect(slow).toMatchObject({ heard: 200, texts: ['Hello'] });
  expect(slow.at).toBeGreaterThanOrEqual(5_000);
});
