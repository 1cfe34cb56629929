import { expect, test } from 'vitest';
import { processBatch } from '../../../lib/notices/ingest.ts';
import { stateOf } from '../../../lib/notices/notice.ts';
import { startBridge } from '../../support/bridge.ts';
import { sqsRecord, statusChanged } from '../../support/events.ts';

type Bridge = Awaited<ReturnType<typeof startBridge>>;

const happen = async ({ worker }: Bridge, event: Parameters<typeof sqsRecord>[0], given = {}) =>
  processBatch(worker(given), [sqsRecord(event)]);

/** Has Brevo report the only message of its chat, or a similar one. */
const see = async (bridge: Bridge, data: object = {}) => {
  const [message] = await bridge.brevo.messages();
  if (message === undefined) throw new Error('nothing was sent');
  const { id: messageId, visitorId, text } = message;
  await happen(bridge, { type: 'message.seen', at: 0, data: { visitorId, messageId, text, ...data } });
  return message;
};

/** A bridge whose post of `paid` gets no answer, although the message is in the chat. */
const start = async (given: (bridge: Bridge) => object = () => ({})) => {
  const bridge = await startBridge();
  await bridge.brevo.control('faults', [{ match: { method: 'POST' }, kind: 'reset-after' }]);
  await happen(bridge, statusChanged({ status: 'paid' }), given(bridge));
  return { ...bridge, state: async () => stateOf(await bridge.store.read('order:1001')) };
};

test('a message that Brevo reports settles the post of unknown outcome, and can then be edited', async () => {
  const bridge = await start();
  const { state, store, brevo, clock } = bridge;
  expect(await state()).toBe('unknown');
  const { id } = await see(bridge);
  expect(await state()).toBe('settled');
  expect(await store.read('order:1001')).toMatchObject({ messages: [{ id }] });
  expect(await store.ownerOf(id)).toBe('order:1001');
  clock.now += 61_000;
  await happen(bridge, statusChanged({ status: 'paid', at: 60_000, total: 20, currency: 'EUR' }));
  expect(await brevo.requests()).toEqual(['POST created', 'PUT updated']);
  await see(bridge);
  expect(await store.read('order:1001')).toMatchObject({ messages: [{ id }] });
});

test('a message that Brevo reports while its post is under way is known, even if the post then times out', async () => {
  const bridge = await start((starting) => ({
    fetch: async (...request: Parameters<typeof fetch>) =>
      fetch(...request).catch(async (error) => {
        await see(starting);
        throw error;
      }),
  }));
  const { state, store, brevo } = bridge;
  expect(await state()).toBe('settled');
  const [message] = await brevo.messages();
  expect((await store.read('order:1001')).messages).toMatchObject([{ id: message?.id, keep: true }]);
  expect(await store.ownerOf(message?.id ?? '')).toBe('order:1001');
});

test.each([{ text: 'something else' }, { visitorId: 'visitor-2' }])(
  'a message with %j settles nothing',
  async (data) => {
    const bridge = await start();
    await see(bridge, data);
    expect(await bridge.state()).toBe('unknown');
  },
);

test('a message that belongs to a notice settles no other notice', async () => {
  const bridge = await start();
  const [message] = await bridge.brevo.messages();
  await bridge.store.pointTo(message?.id ?? '', 'order:7');
  await see(bridge);
  expect(await bridge.state()).toBe('unknown');
});

test('one message settles one of two posts with the same text', async () => {
  const bridge = await start();
  const { brevo, store } = bridge;
  const [message] = await brevo.messages();
  await brevo.control('faults', [{ match: { method: 'POST' }, kind: 'reset-before' }]);
  const same = { reference: 'again', visitorId: 'visitor-1', text: message?.text };
  await happen(bridge, { type: 'notice.requested', at: 0, data: same });
  await see(bridge);
  const states = [stateOf(await store.read('order:1001')), stateOf(await store.read('again'))];
  expect(states.toSorted()).toEqual(['settled', 'unknown']);
});
