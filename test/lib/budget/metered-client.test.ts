import { describe, expect, test } from 'vitest';
import { freeNow, meterOf } from '../../../lib/budget/budget.ts';
import { deliverPending } from '../../../lib/notices/sweep.ts';
import { startBridge } from '../../support/bridge.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';

const minute = 60_000;
const hourly = { limit: 100, windowMs: 60 * minute, scope: 'account' } as const;

const start = async (notices: number) => {
  const bridge = await startBridge();
  const { store, worker, brevo, budget } = bridge;
  for (let index = 0; index < notices; index++)
    await store.record(incomingOrder({ reference: `notice-${index}`, text: `text ${index}` }));
  const metered = worker().brevo;
  return {
    ...bridge,
    deliver: () => deliverPending(worker()),
    waiting: async () => (await store.due(100)).length,
    refuse: (times: number) => brevo.control('faults', [{ times, kind: 'status', status: 400 }]),
    pauseReason: async () => (await budget.state()).paused?.reason,
    ping: () => metered.ping([{ key: 'liz', identity: { agentId: 'd9nKoegKSjmCtyK78' } }], 0),
    sendByApi: () =>
      metered.request(metered.operations.pushedMessages.post, [{ visitorId: 'visitor-2', text: 'Hello' }], {
        lane: 'http',
      }),
  };
};

describe('if Brevo refuses every message', () => {
  test('five notices are held and the others wait, until a probe shows that Brevo accepts messages again', async () => {
    const { refuse, deliver, waiting, clock, brevo, pauseReason } = await start(20);
    await refuse(7);
    await deliver();
    expect(await waiting()).toBe(15);
    expect(await pauseReason()).toBe('refused');
    for (const requests of [6, 7]) {
      clock.now += 2 * minute - 1;
      await deliver();
      clock.now += 1;
      await deliver();
      expect(await brevo.requests()).toHaveLength(requests);
    }
    expect(await brevo.chat()).toEqual([]);
    clock.now += 2 * minute;
    await deliver();
    clock.now += 15 * minute;
    await deliver();
    expect(await brevo.chat()).toHaveLength(15);
    expect(await pauseReason()).toBeUndefined();
  });

  test('pings and the HTTP API go on, and do not end the pause', async () => {
    const { refuse, deliver, ping, sendByApi, pauseReason, waiting } = await start(6);
    await refuse(5);
    await deliver();
    expect(await ping()).toEqual([{ agent: expect.objectContaining({ key: 'liz' }) }]);
    expect(await sendByApi()).toMatchObject({ kind: 'answered' });
    expect(await pauseReason()).toBe('refused');
    expect(await waiting()).toBe(1);
  });
});

test('a few refused notices among others do not hold up the rest', async () => {
  const { brevo, deliver, pauseReason } = await start(12);
  const isOdd = (digit: number) => ({ kind: 'status', status: 422, match: { body: `text ${digit}` } });
  await brevo.control('faults', [0, 2, 3, 4, 6, 7, 8].map(isOdd));
  await deliver();
  expect(await brevo.chat()).toHaveLength(5);
  expect(await pauseReason()).toBeUndefined();
});

test('refused pings and refused calls of the HTTP API do not hold up messages', async () => {
  const { refuse, ping, sendByApi, pauseReason, deliver, brevo } = await start(1);
  await refuse(12);
  for (let each = 0; each < 6; each++) {
    await ping();
    const sent = await sendByApi();
    if (sent.kind !== 'out-of-budget') await sent.reported;
  }
  expect(await pauseReason()).toBeUndefined();
  await deliver();
  expect(await brevo.chat()).toEqual(['text 0']);
});

test('calls and pings that never reached Brevo cost no requests', async () => {
  const { budget, worker } = await startBridge({ plan: hourly });
  const { brevo } = worker({ baseUrl: 'http://127.0.0.1:2' });
  const { get, delete: remove } = brevo.operations.pushedMessages;
  for (const exchange of [
    await brevo.request(get, ['message-1'], { lane: 'http' }),
    await brevo.request(remove, ['message-1'], { lane: 'http' }),
  ]) {
    if (exchange.kind !== 'out-of-budget') await exchange.reported;
  }
  await brevo.ping([{ key: 'liz', identity: { agentId: 'd9nKoegKSjmCtyK78' } }], 0);
  expect(freeNow(hourly, meterOf(await budget.state(), 'account'), noon)).toBe(hourly.limit);
});
