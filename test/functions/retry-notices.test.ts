import { expect, test } from 'vitest';
import { createHandler } from '../../functions/retry-notices.ts';
import { processBatch } from '../../lib/notices/ingest.ts';
import { blankNotice } from '../../lib/notices/notice.ts';
import { deliverPending } from '../../lib/notices/sweep.ts';
import { startBridge } from '../support/bridge.ts';
import { sqsRecord } from '../support/events.ts';
import { access, apiEvent, createApi } from '../support/http-api.ts';
import { recordOn } from '../support/incoming.ts';
import { lambdaContext } from '../support/lambda-context.ts';

const refused = { kind: 'status', status: 400 };
const lost = { kind: 'reset-after' };

const start = async () => {
  const bridge = await startBridge();
  const service = { ...bridge.worker(), ...access };
  const api = await createApi(service);
  const fault = (given: object, method = 'POST') =>
    bridge.brevo.control('faults', [{ match: { method }, ...given }]);
  const send = (reference: string) =>
    processBatch(bridge.worker(), [
      sqsRecord({
        type: 'notice.requested',
        at: 0,
        data: { visitorId: 'visitor-1', text: reference, reference },
      }),
    ]);
  /** Sends a message that Brevo answers with this fault. */
  const hold = async (reference: string, given: object) => {
    await fault(given);
    await send(reference);
  };
  const retry = () => api('POST', '/notices/retry');
  const stateOf = async (reference: string) => (await api('GET', `/notices/${reference}`)).body;
  /** The next minute's run of deliver-pending. */
  const deliver = () => {
    bridge.clock.now += 60_000;
    return deliverPending(bridge.worker());
  };
  return { ...bridge, service, api, fault, send, hold, retry, stateOf, deliver };
};

test('all refused messages are sent in the next minute, and a message that may be in the chat is not', async () => {
  const { brevo, hold, retry, stateOf, deliver } = await start();
  for (const reference of ['first', 'second', 'third']) await hold(reference, refused);
  await hold('lost', lost);
  const before = await brevo.requests();

  expect(await retry()).toMatchObject({ status: 202, body: { retried: 3, more: false } });
  expect(await brevo.requests()).toEqual(before);
  expect(await stateOf('first')).toMatchObject({ state: 'pending' });

  await deliver();
  expect((await brevo.chat()).toSorted()).toEqual(['first', 'lost', 'second', 'third']);
  expect(await stateOf('lost')).toMatchObject({ state: 'unknown' });
  expect(await retry()).toMatchObject({ status: 202, body: { retried: 0, more: false } });
});

test('more than a page of refused notices are all retried', async () => {
  const { store, retry, clock } = await start();
  const references = Array.from({ length: 26 }, (_, index) => `notice-${index}`);
  const hold = { kind: 'refused', at: clock.now, reason: 'not valid', step: 'post' } as const;
  for (const reference of references)
    await store.change(reference, () => ({ ...recordOn(blankNotice(reference)), hold }));
  expect(await retry()).toMatchObject({ body: { retried: 26, more: false } });
});

test('a deletion that Brevo refused is retried while its visitor is being erased', async () => {
  const { api, brevo, fault, send, retry, stateOf, deliver } = await start();
  await send('hello');
  await fault(refused, 'DELETE');
  await api('POST', '/erasures', { body: { visitorId: 'visitor-1' } });
  expect(await stateOf('hello')).toMatchObject({ state: 'refused' });

  expect(await retry()).toMatchObject({ body: { retried: 1 } });
  await deliver();
  expect(await brevo.chat()).toEqual([]);
});

test('a notice that Brevo refuses again during the retry stays held', async () => {
  const { service, api, fault, hold, clock, store, stateOf } = await start();
  await hold('first', refused);
  await hold('second', refused);
  const list: typeof store.list = async (page) => {
    const listed = await store.list(page);
    clock.now += 1_000;
    await fault(refused);
    await api('POST', '/notices/second/resolve', { body: { action: 'retry' } });
    return listed;
  };
  const handler = createHandler(async () => ({ ...service, store: { ...store, list } }));
  const answer = await handler(apiEvent('POST', '/notices/retry'), lambdaContext());
  expect(answer).toMatchObject({ statusCode: 202, body: JSON.stringify({ retried: 1, more: false }) });
  expect(await stateOf('second')).toMatchObject({ state: 'refused' });
});

test('says that there are more if the time runs out, and a repeated request retries those', async () => {
  const { service, store, hold, retry } = await start();
  for (const reference of ['first', 'second', 'third']) await hold(reference, refused);
  let remainingMs = 20_000;
  const change: typeof store.change = (...given) => {
    remainingMs -= 10_000;
    return store.change(...given);
  };
  const handler = createHandler(async () => ({ ...service, store: { ...store, change } }));
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => remainingMs };
  const answer = await handler(apiEvent('POST', '/notices/retry'), context);
  expect(answer).toMatchObject({ statusCode: 202, body: JSON.stringify({ retried: 2, more: true }) });
  expect(await retry()).toMatchObject({ body: { retried: 1, more: false } });
});

test('without a token, nothing is retried', async () => {
  const { api, hold, stateOf } = await start();
  await hold('first', refused);
  expect((await api('POST', '/notices/retry', { headers: {} })).status).toBe(401);
  expect(await stateOf('first')).toMatchObject({ state: 'refused' });
});
