import { expect, test } from 'vitest';
import type { OutgoingEvent } from '../../../lib/bus/publisher.ts';
import { processBatch } from '../../../lib/notices/ingest.ts';
import { startBridge } from '../../support/bridge.ts';
import { sqsRecord, statusChanged } from '../../support/events.ts';

const records = ['1', '2', '3'].map((orderId) => sqsRecord(statusChanged({ orderId })));

test('others are told of a whole batch by one call to the bus', async () => {
  const { brevo, worker } = await startBridge();
  const calls: OutgoingEvent[][] = [];
  await processBatch(worker({ publish: async (events) => void calls.push(events) }), records);
  expect(await brevo.chat()).toHaveLength(3);
  expect(calls.map((events) => events.map(({ type }) => type))).toEqual([
    ['message.pushed', 'message.pushed', 'message.pushed'],
  ]);
});

test('a bus that is down holds up nothing', async () => {
  const { brevo, worker } = await startBridge();
  const publish = async () => {
    throw new Error('the bus is down');
  };
  expect(await processBatch(worker({ publish }), records)).toEqual([]);
  expect(await brevo.chat()).toHaveLength(3);
});

test('where there is nothing to tell, the bus is left alone', async () => {
  const { published, worker } = await startBridge();
  await processBatch(worker(), records);
  const before = published.length;
  let calls = 0;
  const publish = async () => void calls++;
  await processBatch(worker({ publish }), records);
  expect([before, calls]).toEqual([3, 0]);
});
