import { expect, test } from 'vitest';
import { processBatch } from '../../../lib/notices/ingest.ts';
import { stateOf } from '../../../lib/notices/notice.ts';
import { startBridge } from '../../support/bridge.ts';
import { sqsRecord, statusChanged } from '../../support/events.ts';

/** A bridge whose post of `paid` got no answer, although the message is in the chat. */
const start = async () => {
  const bridge = await startBridge();
  const happen = (event: Parameters<typeof sqsRecord>[0]) =>
    processBatch(bridge.worker(), [sqsRecord(event)]);
  await bridge.brevo.control('faults', [{ match: { method: 'POST' }, kind: 'reset-after' }]);
  await happen(statusChanged({ status: 'paid' }));
  const [message] = await bridge.brevo.messages();
  if (message === undefined) throw new Error('nothing was sent');
  const seen = (data: object) =>
    happen({
      type: 'message.seen',
      at: 0,
      data: { visitorId: 'visitor-1', messageId: message.id, text: message.text, ...data },
    });
  const state = async () => stateOf(await bridge.store.read('order:1001'));
  return { ...bridge, happen, seen, state, message };
};

test('a message that Brevo reports settles the post of unknown outcome, and can then be edited', async () => {
  const { seen, state, store, message, happen, brevo, clock } = await start();
  expect(await state()).toBe('unknown');
  await seen({});
  expect(await state()).toBe('settled');
  expect(await store.read('order:1001')).toMatchObject({ messages: [message.id], orphans: [] });
  expect(await store.ownerOf(message.id)).toBe('order:1001');
  clock.now += 61_000;
  await happen(statusChanged({ status: 'paid', at: 60_000, total: 20, currency: 'EUR' }));
  expect(await brevo.requests()).toEqual(['POST created', 'PUT updated']);
  await seen({});
  expect(await store.read('order:1001')).toMatchObject({ messages: [message.id] });
});

test.each([{ text: 'something else' }, { visitorId: 'visitor-2' }])(
  'a message with %j settles nothing',
  async (data) => {
    const { seen, state } = await start();
    await seen(data);
    expect(await state()).toBe('unknown');
  },
);

test('a message that belongs to a notice settles no other notice', async () => {
  const { seen, state, store, message } = await start();
  await store.pointTo(message.id, 'order:7');
  await seen({});
  expect(await state()).toBe('unknown');
});

test('one message settles one of two posts with the same text', async () => {
  const { seen, happen, brevo, store, message } = await start();
  await brevo.control('faults', [{ match: { method: 'POST' }, kind: 'reset-before' }]);
  const same = { reference: 'again', visitorId: 'visitor-1', text: message.text };
  await happen({ type: 'notice.requested', at: 0, data: same });
  await seen({});
  const states = [stateOf(await store.read('order:1001')), stateOf(await store.read('again'))];
  expect(states.toSorted()).toEqual(['settled', 'unknown']);
});
