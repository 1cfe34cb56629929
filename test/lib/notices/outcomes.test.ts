import { expect, test } from 'vitest';
import type { OutgoingEvent } from '../../../lib/bus/publisher.ts';
import { processBatch } from '../../../lib/notices/ingest.ts';
import { startBridge } from '../../support/bridge.ts';
import { sqsRecord, statusChanged } from '../../support/events.ts';

const records = ['1', '2', '3'].map((orderId) => sqsRecord(statusChanged({ orderId })));

test('the outcomes of a batch are published in one call to the bus', async () => {
  const { brevo, worker } = await startBridge();
  const calls: OutgoingEvent[][] = [];
  await processBatch(worker({ publish: async (events) => void calls.push(events) }), records);
  expect(await brevo.chat()).toHaveLength(3);
  expect(calls.map((events) => events.map(({ type }) => type))).toEqual([
    ['message.pushed', 'message.pushed', 'message.pushed'],
  ]);
});

test('an unavailable bus does not stop a worker', async () => {
  const { brevo, worker } = await startBridge();
  const publish = async () => {
    throw new Error('the bus is down');
  };
  expect(await processBatch(worker({ publish }), records)).toEqual([]);
  expect(await brevo.chat()).toHaveLength(3);
});

test('without outcomes the bus is not called', async () => {
  const { published, worker } = await startBridge();
  await processBatch(worker(), records);
  const before = published.length;
  let calls = 0;
  const publish = async () => void calls++;
  await processBatch(worker({ publish }), records);
  expect([before, calls]).toEqual([3, 0]);
});
