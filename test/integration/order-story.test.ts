import { describe, expect, test } from 'vitest';
import { processBatch } from '../../lib/notices/ingest.ts';
import { startBridge } from '../support/bridge.ts';
import { busEvent, sqsRecord, statusChanged } from '../support/events.ts';

const start = async () => {
  const bridge = await startBridge();
  return {
    ...bridge,
    /** Sends one event after the other, like a quiet shop. */
    happen: async (...events: Parameters<typeof statusChanged>[0][]) => {
      for (const event of events) await processBatch(bridge.worker(), [sqsRecord(statusChanged(event))]);
    },
    withPolicy: (policy: 'append' | 'edit' | 'replace') => {
      const { config } = bridge.worker();
      return { config: { ...config, policy: { default: policy } } };
    },
  };
};

const minute = 60_000;

describe('an order', () => {
  test('sends a message for each status in turn, and none for a late earlier status', async () => {
    const { happen, brevo } = await start();
    await happen(
      { status: 'paid', at: 0 },
      { status: 'shipped', at: minute },
      { status: 'paid', at: 2 * minute },
    );
    expect(await brevo.chat()).toEqual([
      expect.stringContaining('payment'),
      expect.stringContaining('on its way'),
    ]);
    expect(await brevo.requests()).toEqual(['POST created', 'POST created']);
  });

  test.each([
    ['append', ['paid', 'shipped'], ['POST created', 'POST created']],
    ['edit', ['shipped'], ['POST created', 'PUT updated']],
    ['replace', ['shipped'], ['POST created', 'POST created', 'DELETE deleted']],
  ] as const)('follows the policy %s', async (policy, standing, requests) => {
    const { brevo, worker, withPolicy } = await start();
    for (const status of ['paid', 'shipped']) {
      await processBatch(worker(withPolicy(policy)), [sqsRecord(statusChanged({ status }))]);
    }
    const words = { paid: 'payment', shipped: 'on its way' };
    expect(await brevo.chat()).toEqual(standing.map((status) => expect.stringContaining(words[status])));
    expect(await brevo.requests()).toEqual(requests);
  });

  test('sends one message for an event that is delivered four times by a shop whose clock is five seconds fast', async () => {
    const { worker, brevo } = await start();
    const event = busEvent(statusChanged({}));
    const fast = new Date(Date.parse(event.time) + 5000).toISOString();
    event.detail.data.occurredAt = fast;
    event.detail.metadata.timestamp = fast;
    const record = { ...sqsRecord(statusChanged({})), body: JSON.stringify(event) };
    for (let delivery = 0; delivery < 4; delivery++) await processBatch(worker(), [record]);
    expect(await brevo.requests()).toEqual(['POST created']);
  });

  test('sends one message if it is saved five times with the same status', async () => {
    const { happen, brevo } = await start();
    await happen(...[0, 1, 2, 3, 4].map((at) => ({ status: 'processing', at: at * minute })));
    expect(await brevo.requests()).toEqual(['POST created']);
  });

  test('edits the message when the tracking link changes', async () => {
    const { happen, brevo } = await start();
    await happen(
      { status: 'shipped', trackingUrl: 'https://track.example/old', at: 0 },
      { status: 'shipped', trackingUrl: 'https://track.example/new', at: minute },
    );
    expect(await brevo.chat()).toEqual([expect.stringContaining('https://track.example/new')]);
    expect(await brevo.requests()).toEqual(['POST created', 'PUT updated']);
  });

  test('with two parcels sends a message for each, even if the first is delivered before the second is shipped', async () => {
    const { happen, brevo } = await start();
    await happen(
      { status: 'shipped', shipmentId: '7', at: 0 },
      { status: 'delivered', shipmentId: '7', at: minute },
      { status: 'shipped', shipmentId: '8', at: 2 * minute },
    );
    expect(await brevo.chat()).toEqual(
      ['on its way', 'delivered', 'on its way'].map((text) => expect.stringContaining(text)),
    );
  });

  test('sends a refund that names only the order to the order’s visitor', async () => {
    const { happen, brevo } = await start();
    await happen(
      { status: 'paid', at: 0 },
      { status: 'refunded', refundId: '9', visitorId: undefined, at: minute },
    );
    expect(await brevo.chat()).toEqual([
      expect.stringContaining('payment'),
      expect.stringContaining('refund'),
    ]);
  });

  test('sends a refund once the visitor is known', async () => {
    const { happen, brevo } = await start();
    await happen({ status: 'refunded', refundId: '9', visitorId: undefined, at: minute });
    expect(await brevo.requests()).toEqual([]);
    await happen({ status: 'paid', at: 0 });
    expect(await brevo.chat()).toHaveLength(2);
  });

  test('continues after it was cancelled and reopened', async () => {
    const { happen, brevo } = await start();
    await happen(
      { status: 'paid', at: 0 },
      { status: 'cancelled', at: minute },
      { status: 'processing', reopens: true, at: 2 * minute },
      { status: 'cancelled', at: minute },
      { status: 'shipped', at: 3 * minute },
    );
    expect(await brevo.chat()).toEqual(
      ['payment', 'cancelled', 'ready', 'on its way'].map((text) => expect.stringContaining(text)),
    );
  });

  test('never sends a message to another visitor', async () => {
    const { happen, brevo } = await start();
    await happen({ status: 'paid' }, { status: 'shipped', visitorId: 'visitor-2' });
    expect(await brevo.chat('visitor-2')).toEqual([]);
  });

  test('of a customer sends its messages to the visitor id derived from the customer id', async () => {
    const { happen, brevo } = await start();
    await happen({ visitorId: undefined, customerId: 17 });
    // HMAC-SHA256 of "17" with the secret of the tests, as computed by `openssl dgst -sha256 -hmac
    // test-visitor-secret`.
    expect(await brevo.chat('eeca74feed75ae9f1a764e1123349b4eadf1518a2a505445831291b4661501f6')).toHaveLength(
      1,
    );
  });

  test('can be withdrawn', async () => {
    const { happen, worker, brevo } = await start();
    await happen({ status: 'paid', at: 0 }, { status: 'shipped', at: 1 });
    const withdrawal = { type: 'notice.withdrawn', data: { reference: 'order:1001' }, at: minute };
    await processBatch(worker(), [sqsRecord(withdrawal)]);
    expect(await brevo.chat()).toEqual([]);
    await happen({ status: 'shipped', at: 2 * minute });
    expect(await brevo.chat()).toEqual([]);
    await happen({ status: 'delivered', at: 3 * minute });
    expect(await brevo.chat()).toHaveLength(1);
  });
});
