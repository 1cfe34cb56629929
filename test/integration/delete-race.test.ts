/**
 * An operator deletes a message while events for the same order arrive. However their calls interleave, the result is
 * that of running one before the other.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { processBatch } from '../../lib/notices/ingest.ts';
import { stateOf } from '../../lib/notices/notice.ts';
import { removeMessage } from '../../lib/notices/override.ts';
import { reconcile } from '../../lib/notices/reconcile.ts';
import { startBridge } from '../support/bridge.ts';
import { configWith } from '../support/config.ts';
import { sqsRecord, statusChanged } from '../support/events.ts';
import { cases } from '../support/in-depth.ts';
import { noon } from '../support/incoming.ts';

const runs = cases(5, 25);

type Act = () => Promise<void>;

/** Lets acts make one call each in turn, in a random order. Each act has at most one call in progress. */
const takeTurns = (draw: (below: number) => number, mayCall: AsyncLocalStorage<Act>) => {
  const waiting: (() => void)[] = [];
  let active = 0;
  const next = (): void => {
    if (waiting.length < active) return;
    const [go] = waiting.splice(draw(active), 1);
    go?.();
  };
  const turn: Act = async () =>
    new Promise((go) => {
      waiting.push(go);
      next();
    });
  return async (acts: readonly Act[]): Promise<void> => {
    active = acts.length;
    const played = acts.map(async (act) => {
      await mayCall.run(turn, act);
      active--;
      next();
    });
    await Promise.all(played);
  };
};

type Policy = 'append' | 'edit' | 'replace';

interface Event {
  status: string;
  /** Milliseconds after noon. */
  at: number;
  trackingUrl?: string;
}

interface Scenario {
  policy: Policy;
  /** Events that are sent before the deletion. */
  before: Event[];
  /** Events that arrive during the deletion, each processed by its own worker. */
  meanwhile: Event[];
  /** Whether the events are left to deliver-pending, which runs at the same time. */
  isLate?: boolean;
  /** The index of the deleted message, oldest first. */
  deleted: number;
  /** The final texts if the deletion runs first, and if it runs last. */
  ends: string[][];
}

const paid = { status: 'paid', at: 0 };
const shipped = { status: 'shipped', at: 1000 };
const linked = { status: 'shipped', at: 2000, trackingUrl: 'https://example.com/1' };
const delivered = { status: 'delivered', at: 3000, trackingUrl: 'https://example.com/1' };

const withLink = 'shipped https://example.com/1';

const scenarios: Record<string, Scenario> = {
  'a later status is appended': {
    policy: 'append',
    before: [paid],
    meanwhile: [shipped],
    deleted: 0,
    ends: [['shipped'], ['shipped']],
  },
  'a later status edits it': {
    policy: 'edit',
    before: [paid],
    meanwhile: [shipped],
    deleted: 0,
    ends: [['shipped'], []],
  },
  'a later status replaces it': {
    policy: 'replace',
    before: [paid],
    meanwhile: [shipped],
    deleted: 0,
    ends: [['shipped'], ['shipped']],
  },
  'a later status waits for its turn': {
    policy: 'append',
    before: [paid],
    meanwhile: [shipped],
    isLate: true,
    deleted: 0,
    ends: [['shipped'], ['shipped']],
  },
  'its text changes': {
    policy: 'append',
    before: [paid, shipped],
    meanwhile: [linked],
    deleted: 1,
    ends: [['paid'], ['paid']],
  },
  'its new text waits for its turn': {
    policy: 'append',
    before: [paid, shipped],
    meanwhile: [linked],
    isLate: true,
    deleted: 1,
    ends: [['paid'], ['paid']],
  },
  'the text of a newer message changes': {
    policy: 'append',
    before: [paid, shipped],
    meanwhile: [linked],
    deleted: 0,
    ends: [[withLink], [withLink]],
  },
  'an event is delivered twice': {
    policy: 'append',
    before: [paid],
    meanwhile: [shipped, shipped],
    deleted: 0,
    ends: [['shipped'], ['shipped']],
  },
  'its own event is repeated': {
    policy: 'append',
    before: [paid],
    meanwhile: [paid, shipped],
    deleted: 0,
    ends: [['shipped'], ['shipped']],
  },
  'two later statuses follow': {
    policy: 'edit',
    before: [paid, shipped],
    meanwhile: [linked, delivered],
    deleted: 0,
    ends: [['delivered https://example.com/1'], []],
  },
};

const start = async () => {
  const { brevo, client, clock, store, worker } = await startBridge();
  const now = () => clock.now;
  /** Called before each call to the database or to Brevo. */
  const mayCall = new AsyncLocalStorage<Act>();
  client.middlewareStack.add(
    (next) => async (args) => {
      await mayCall.getStore()?.();
      return next(args);
    },
    { step: 'initialize' },
  );
  const politeFetch: typeof fetch = async (...request) => {
    await mayCall.getStore()?.();
    return fetch(...request);
  };
  let orders = 0;

  /** Runs a scenario for a new order, and returns the texts that are in the chat at the end. */
  const play = async (
    { policy, before, meanwhile, isLate = false, deleted }: Scenario,
    together: (remove: Act, events: readonly Act[]) => Promise<void>,
  ): Promise<string[]> => {
    const orderId = String(orders++);
    const visitorId = `visitor-${orderId}`;
    const reference = `order:${orderId}`;
    const someone = (hasTime = true) => {
      const config = configWith({ policy: { default: policy } });
      return worker({ fetch: politeFetch, timeoutMs: 5_000, hasTime: () => hasTime, config });
    };
    const taking =
      ({ at, ...given }: Event, hasTime = true): Act =>
      async () => {
        const occurredAt = new Date(noon + at).toISOString();
        const event = statusChanged({ ...given, occurredAt, orderNumber: 'the order', orderId, visitorId });
        expect(await processBatch(someone(hasTime), [sqsRecord({ ...event, at: 60_000 })])).toEqual([]);
      };
    for (const event of before) await taking(event)();
    const messageId = (await brevo.messages(visitorId))[deleted]?.id ?? '';
    const remove: Act = async () => {
      const by = someone();
      const owner = await by.store.ownerOf(messageId);
      if (owner === undefined) return;
      const notice = await by.store.change(owner, (seen) => removeMessage(seen, messageId, now()));
      await reconcile(by, notice, { lane: 'http' });
    };
    const deliver: Act = async () => {
      await reconcile(someone(), await store.read(reference));
    };
    const events = meanwhile.map((event) => taking(event, !isLate));
    await together(remove, isLate ? [...events, deliver] : events);

    // Whatever waited for another worker's call is completed by deliver-pending within a minute.
    const { notice } = await reconcile(worker(), await store.read(reference));
    expect(stateOf(notice)).toBe('settled');
    const standing = (await brevo.messages(visitorId)).filter(({ deletedAt }) => deletedAt == null);
    const ids = standing.map(({ id }) => id);
    expect(ids).toEqual(notice.messages.map(({ id }) => id));
    expect(ids).not.toContain(messageId);
    for (const id of ids) expect(await store.ownerOf(id)).toBe(reference);
    expect(await store.ownerOf(messageId)).toBeUndefined();
    return standing.map(({ text }) => text.replace('en ', '').replace(' the order', ''));
  };

  return { mayCall, play };
};

const oneByOne = async (acts: readonly Act[]): Promise<void> => {
  for (const act of acts) await act();
};

test.each(Object.entries(scenarios))(
  'an operator deletes a message while %s',
  async (_what, scenario) => {
    const { mayCall, play } = await start();
    expect([
      await play(scenario, async (remove, events) => oneByOne([remove, ...events])),
      await play(scenario, async (remove, events) => oneByOne([...events, remove])),
    ]).toEqual(scenario.ends);
    for (let seed = 1; seed <= runs; seed++) {
      const draws = fc.sample(fc.nat(1_000_000), { seed, numRuns: 500 });
      const inTurn = takeTurns((below) => (draws.pop() ?? 0) % below, mayCall);
      const end = await play(scenario, async (remove, events) => inTurn([remove, ...events]));
      expect(scenario.ends, `seed ${seed}`).toContainEqual(end);
    }
  },
  60_000,
);
