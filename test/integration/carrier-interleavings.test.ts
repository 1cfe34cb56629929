/** Whatever comes first, fails, is repeated or runs at the same time: each parcel is told once, to its last step. */
import { Metrics } from '@aws-lambda-powertools/metrics';
import { fc } from '@fast-check/vitest';
import { expect, test, vi } from 'vitest';
import { processBatch } from '../../lib/notices/ingest.ts';
import { deliverPending } from '../../lib/notices/sweep.ts';
import { dropUnclaimed } from '../../lib/orders/locate.ts';
import { metricNames } from '../../lib/runtime/metrics.ts';
import { startBridge } from '../support/bridge.ts';
import { parcelMoved, sqsRecord, statusChanged } from '../support/events.ts';
import { cases } from '../support/in-depth.ts';

const minute = 60_000;

const shop = (data: Parameters<typeof statusChanged>[0]) => statusChanged({ orderNumber: '#1001', ...data });

/** What shop and carrier report about an order and its two parcels. */
const reports = [
  shop({ status: 'paid' }),
  ...['1', '2'].flatMap((parcel) => {
    const trackingNumber = `T${parcel}`;
    const moved = (status: string, at: number, data: object = {}) =>
      parcelMoved({ trackingNumber, status, at: at * minute, ...data });
    return [
      shop({ status: 'shipped', shipmentId: parcel, trackingNumber, at: minute }),
      moved('shipped', 2),
      moved('out_for_delivery', 3, { orderNumber: '1001' }),
      moved('delivered', 4),
    ];
  }),
];

const shuffled = <Item>(items: readonly Item[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

const steps = fc.record({
  /** Some come twice. */
  events: fc.subarray(reports).chain((repeated) => shuffled([...reports, ...repeated])),
  batches: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 20, maxLength: 20 }),
  /** The table fails again and again after so many requests. */
  failures: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 25 }),
});

test('an order with two parcels', { timeout: cases(60_000, 300_000) }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async ({ events, batches, failures }) => {
      const { worker, clock, brevo, store, client } = await startBridge();
      const metrics = new Metrics({ namespace: 'test' });
      const counted = vi.spyOn(metrics, 'addMetric');
      const countdowns = [...failures];
      client.middlewareStack.add(
        (next) => async (args) => {
          if (countdowns[0] !== undefined && countdowns[0]-- <= 0) {
            countdowns.shift();
            throw new Error('throttled');
          }
          return next(args);
        },
        { step: 'initialize' },
      );
      clock.now += 5 * minute;
      let waiting = events.map(sqsRecord);
      for (let round = 0; waiting.length > 0; round++) {
        expect(round).toBeLessThan(50);
        const groups: (typeof waiting)[] = [];
        for (const size of batches) groups.push(waiting.splice(0, size));
        const failures = await Promise.all(
          groups.map((group) => processBatch(worker({ metrics, mayRetry: () => true }), group)),
        );
        const again = new Set(failures.flat().map(({ itemIdentifier }) => itemIdentifier));
        waiting = [...waiting, ...groups.flat().filter(({ messageId }) => again.has(messageId))];
      }
      countdowns.length = 0;
      for (let pass = 0; pass < 5; pass++) {
        clock.now += 10 * minute;
        await deliverPending(worker());
      }
      clock.now += 30 * 60 * minute;
      await dropUnclaimed(worker({ metrics }));
      expect(counted.mock.calls.filter(([name]) => name === metricNames.parcelsUnclaimed)).toEqual([]);

      const chat = await brevo.chat();
      expect(chat.filter((text) => text.includes('has been delivered'))).toHaveLength(2);
      const references = ['order:1001', ...['1', '2', 'T1', 'T2'].map((id) => `order:1001/shipment:${id}`)];
      const notices = await Promise.all(references.map(store.read));
      expect(notices.filter(({ desired }) => desired?.status === 'delivered')).toHaveLength(2);
      for (const { messages } of notices) {
        const statuses = messages.map(({ status }) => status);
        expect(new Set(statuses).size).toBe(statuses.length);
      }
    }),
    { numRuns: cases(10, 150) },
  );
});
