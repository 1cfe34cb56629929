/** What a shop and a carrier report about the same parcels, in any order, becomes one story in the chat. */
import { Metrics } from '@aws-lambda-powertools/metrics';
import { describe, expect, test, vi } from 'vitest';
import { processBatch } from '../../lib/notices/ingest.ts';
import { tombstoneOf } from '../../lib/notices/notice.ts';
import { dropUnclaimed } from '../../lib/orders/locate.ts';
import { metricNames } from '../../lib/runtime/metrics.ts';
import { startBridge } from '../support/bridge.ts';
import { parcelMoved, sqsRecord, statusChanged } from '../support/events.ts';
import { requestsOf } from '../support/stack.ts';

const minute = 60_000;
const hour = 60 * minute;

const start = async () => {
  const bridge = await startBridge();
  const metrics = new Metrics({ namespace: 'test' });
  const counted = vi.spyOn(metrics, 'addMetric');
  /** Takes events together, and returns those that the queue must deliver again. */
  const take = async (
    events: Parameters<typeof sqsRecord>[0][],
    given: Parameters<typeof bridge.worker>[0] = {},
  ) => processBatch(bridge.worker({ metrics, ...given }), events.map(sqsRecord));
  return {
    ...bridge,
    metrics,
    take,
    /** Takes one event after the other. */
    happen: async (...events: Parameters<typeof sqsRecord>[0][]) => {
      for (const event of events) expect(await take([event])).toEqual([]);
    },
    countOf: (name: string) => counted.mock.calls.filter(([each]) => each === name).length,
    /** A run of deliver-pending, so many hours after noon. */
    tick: async (hours: number) => {
      bridge.clock.now += hours * hour;
      await dropUnclaimed(bridge.worker({ metrics }));
    },
    textsOf: async (reference: string) =>
      (await bridge.store.read(reference)).messages.map(({ text }) => text),
  };
};

const shop = (data: Parameters<typeof statusChanged>[0]) =>
  statusChanged({ orderNumber: '#1001', locale: 'en', ...data });
const paid = shop({ status: 'paid', at: 0 });
const shipped = shop({ status: 'shipped', trackingNumber: 'T1', carrier: 'DHL', at: minute });
const carrier = (data: Parameters<typeof parcelMoved>[0]) => parcelMoved({ carrier: 'DHL', ...data });
const onItsWay = expect.stringContaining('on its way');
const payment = expect.stringContaining('payment');
const deliveredText = expect.stringContaining('delivered');
const outForDelivery = expect.stringMatching(/out for delivery|today/i);

describe('a carrier’s event', () => {
  test('is told to the customer of the parcel that the shop named', async () => {
    const { happen, brevo } = await start();
    await happen(paid, shipped, carrier({ at: 2 * minute }));
    expect(await brevo.chat()).toEqual([payment, onItsWay, outForDelivery]);
  });

  test.each([
    ['a tracking number that is written in another way', { trackingNumber: 't-1' }],
    ['the order’s number without #', { trackingNumber: 'T2', orderNumber: '1001' }],
    ['the order’s number with #', { trackingNumber: 'T2', orderNumber: '#1001' }],
    ['the shop’s own id of the order', { trackingNumber: 'T2', orderId: '1001' }],
  ])('finds its order by %s', async (_, data) => {
    const { happen, brevo } = await start();
    await happen(paid, shipped, carrier({ ...data, at: 2 * minute }));
    expect(await brevo.chat()).toEqual([payment, onItsWay, outForDelivery]);
  });

  test('is in the order’s language, and has its number and the shop’s link', async () => {
    const { happen, brevo } = await start();
    await happen(
      shop({ ...paid.data, locale: 'fr-CA' }),
      shop({
        status: 'shipped',
        shipmentId: '7',
        trackingNumber: 'T1',
        carrier: 'DHL',
        trackingUrl: 'https://track.example/T1',
        locale: 'fr-CA',
        at: minute,
      }),
      parcelMoved({ orderNumber: '1001', locale: 'en', status: 'delivery_failed', at: 2 * minute }),
      statusChanged({ status: 'cancelled', at: 3 * minute }),
    );
    const [, , third, fourth] = await brevo.chat();
    expect(third).toMatch(/commande #1001 .*DHL.*https:\/\/track\.example\/T1/s);
    expect(fourth).toContain('commande #1001');
  });

  test('has the carrier’s language and number as long as the shop gave none', async () => {
    const { happen, brevo } = await start();
    await happen(
      statusChanged({ status: 'shipped', trackingNumber: 'T1' }),
      carrier({ orderNumber: '88', locale: 'fr', at: minute }),
    );
    const [, second] = await brevo.chat();
    expect(second).toContain('commande 88');
  });

  test('that says the same as the shop brings no second message', async () => {
    const { happen, brevo } = await start();
    await happen(paid, shipped, carrier({ status: 'shipped', at: 2 * minute }));
    expect(await brevo.chat()).toEqual([payment, onItsWay]);
    expect(await brevo.requests()).toEqual(['POST created', 'POST created']);
  });

  test('that says the same in other words changes nothing either', async () => {
    const { happen, brevo } = await start();
    const told = { status: 'shipped', shipmentId: '7', trackingNumber: 'T 1', carrier: 'DHL' };
    const trackingUrl = 'https://shop.example/T1';
    await happen(
      paid,
      shop({ ...told, trackingUrl, estimatedDelivery: '2026-03-05', at: minute }),
      carrier({
        status: 'shipped',
        carrier: 'dhl-de',
        trackingUrl: 'https://dhl.example/T1',
        at: 2 * minute,
      }),
    );
    expect(await brevo.requests()).toEqual(['POST created', 'POST created']);
    await happen(carrier({ status: 'shipped', estimatedDelivery: '2026-03-07', at: 3 * minute }));
    const [, text] = await brevo.chat();
    expect(text).toMatch(/DHL.*https:\/\/shop\.example\/T1/s);
    await happen(carrier({ status: 'delayed', at: 4 * minute }));
    const [, , delayed] = await brevo.chat();
    expect(delayed).not.toMatch(/new estimate/);
  });

  test('is withdrawn with the parcel, by the id that the shop gave it later', async () => {
    const { happen, brevo } = await start();
    const first = { status: 'shipped', shipmentId: '6', trackingNumber: 'T1' };
    const second = { status: 'shipped', shipmentId: 'a/7', trackingNumber: 'T2' };
    await happen(
      paid,
      shop(first),
      carrier({ orderNumber: '1001', trackingNumber: 'T2', status: 'shipped', at: minute }),
      shop({ ...second, at: 2 * minute }),
      { type: 'notice.withdrawn', data: { reference: 'order:1001/shipment:a~2f7' }, at: 3 * minute },
    );
    expect(await brevo.chat()).toEqual([payment, onItsWay]);
  });

  test('wins over an earlier step of the shop, which may come later', async () => {
    const { happen, brevo } = await start();
    await happen(paid, carrier({ orderNumber: '1001', status: 'delivered', at: 9 * minute }), shipped);
    expect(await brevo.chat()).toEqual([payment, deliveredText]);
  });

  test('of a status about the order belongs to the order’s own notice', async () => {
    const { happen, textsOf } = await start();
    await happen(
      shop({ status: 'shipped', shipmentId: '7', trackingNumber: 'T1' }),
      carrier({ status: 'returned', at: minute }),
    );
    expect(await textsOf('order:1001')).toHaveLength(1);
  });

  test('of a status that nothing knows is refused as the shop’s are', async () => {
    const { take, deadLetters } = await start();
    expect(await take([carrier({ status: 'teleported' })])).toEqual([]);
    expect(deadLetters).toEqual([
      {
        body: expect.anything(),
        reason: expect.stringMatching(/^The event parcel\.status_changed .*teleported/),
      },
    ]);
  });
});

describe('the parcels of an order', () => {
  test('have a notice each, whoever reports them first', async () => {
    const { happen, textsOf } = await start();
    const byShop = (shipmentId: string, trackingNumber: string) =>
      shop({ status: 'shipped', shipmentId, trackingNumber });
    await happen(
      paid,
      byShop('7', 'T1'),
      carrier({ trackingNumber: 'T2', orderNumber: '1001', status: 'shipped', at: 2 }),
      byShop('8', 'T2'),
      carrier({ trackingNumber: 'T1', status: 'delivered', at: 3 }),
      carrier({ trackingNumber: 'T2', status: 'delivered', at: 4 }),
    );
    expect(await textsOf('order:1001')).toEqual([payment]);
    expect(await textsOf('order:1001/shipment:7')).toEqual([onItsWay, deliveredText]);
    expect(await textsOf('order:1001/shipment:T2')).toEqual([onItsWay, deliveredText]);
    expect(await textsOf('order:1001/shipment:8')).toEqual([]);
  });

  test('are kept apart if a batch brings them all at once', async () => {
    const { take, textsOf } = await start();
    await take([paid]);
    const events = ['T1', 'T2', 'T3'].map((trackingNumber, index) =>
      carrier({ trackingNumber, orderNumber: '1001', at: index + 1 }),
    );
    expect(await take(events)).toEqual([]);
    const references = ['order:1001', ...['T1', 'T2', 'T3'].map((id) => `order:1001/shipment:${id}`)];
    const told = (await Promise.all(references.map(textsOf))).flat();
    expect(told.filter((text) => text !== told[0])).toHaveLength(3);
  });
});

describe('a carrier’s event that comes before its order', () => {
  test('waits, and is told as soon as the shop names the order', async () => {
    const { happen, brevo, countOf } = await start();
    await happen(carrier({ orderNumber: '1001', at: minute }));
    expect(await brevo.requests()).toEqual([]);
    expect(countOf(metricNames.parcelsEarly)).toBe(1);
    await happen(paid);
    expect(await brevo.chat()).toEqual([outForDelivery]);
  });

  test('waits by its tracking number too', async () => {
    const { happen, brevo } = await start();
    await happen(carrier({ at: 2 * minute }), paid);
    expect(await brevo.chat()).toEqual([payment]);
    await happen(shipped);
    expect(await brevo.chat()).toEqual([payment, outForDelivery]);
  });

  test('is told once if it is delivered again, and is not counted as dropped', async () => {
    const { happen, take, brevo, tick, countOf } = await start();
    const early = carrier({ orderNumber: '1001', at: minute });
    await happen(early, early, paid, early);
    expect(await take([early, paid])).toEqual([]);
    await tick(30);
    expect(await brevo.requests()).toEqual(['POST created']);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(0);
  });

  test('is told once if it comes together with its order', async () => {
    const { take, brevo, tick, countOf } = await start();
    expect(await take([carrier({ orderNumber: '1001', at: minute }), shipped, paid])).toEqual([]);
    await tick(30);
    expect(await brevo.chat()).toEqual([outForDelivery]);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(0);
  });

  test('brings only its last step if several waited', async () => {
    const { happen, brevo } = await start();
    const steps = ['shipped', 'delivered', 'out_for_delivery'].map((status, at) =>
      carrier({ orderNumber: '1001', status, at }),
    );
    await happen(...steps, paid);
    expect(await brevo.chat()).toEqual([deliveredText]);
  });

  test('is dropped after the freshness limit, and counted once', async () => {
    const { happen, brevo, tick, countOf, client } = await start();
    await happen(carrier({ orderNumber: '1001' }), carrier({ trackingNumber: 'T9', at: 2 * hour }));
    await tick(23);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(0);
    await tick(2);
    await tick(0);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(1);
    await tick(2);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(2);
    await happen(paid);
    expect(await brevo.chat()).toEqual([]);
    const made = requestsOf(client);
    await tick(0);
    expect(made).toEqual(['QueryCommand']);
  });

  test('is told after a crash between the order’s number and its notice', async () => {
    const { happen, take, brevo, store, tick, countOf } = await start();
    await happen(carrier({ orderNumber: '1001', at: minute }));
    const crash = async () => Promise.reject(new Error('crashed'));
    const failing = { ...store, record: crash, change: crash };
    expect(await take([shipped], { store: failing })).toHaveLength(1);
    expect(await brevo.chat()).toEqual([]);
    await happen(shipped);
    expect(await brevo.chat()).toEqual([outForDelivery]);
    await tick(30);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(0);
  });

  test('brings the shop’s event back to the queue if its waiting cannot be ended', async () => {
    const { happen, take, brevo, aliases } = await start();
    await happen(carrier({ orderNumber: '1001', at: minute }));
    const release = vi.spyOn(aliases, 'release').mockRejectedValueOnce(new Error('throttled'));
    expect(await take([shipped])).toHaveLength(1);
    await happen(shipped);
    expect(release).toHaveBeenCalledTimes(2);
    expect(await brevo.requests()).toEqual(['POST created']);
  });
});

describe('a waiting event that can no longer be told', () => {
  test('goes to the dead-letter queue as it came, and the shop’s event is told', async () => {
    const { happen, take, brevo, worker, deadLetters, tick, countOf } = await start();
    const { config } = worker();
    const own = { ...config, statusMap: { lasering: 'shipped' } };
    const early = carrier({ orderNumber: '1001', status: 'lasering', locale: 'en' });
    expect(await take([early], { config: own })).toEqual([]);
    await happen(paid);
    expect(await brevo.chat()).toEqual([payment]);
    expect(deadLetters).toEqual([{ body: expect.any(String), reason: expect.stringContaining('lasering') }]);
    await tick(30);
    expect(countOf(metricNames.parcelsUnclaimed)).toBe(0);
    const redriven = { ...sqsRecord(early), body: deadLetters[0]?.body ?? '' };
    expect(await processBatch(worker({ config: own }), [redriven])).toEqual([]);
    expect(deadLetters).toHaveLength(1);
  });

  test('stays if the table fails, and brings the shop’s event back to the queue', async () => {
    const { happen, take, brevo, aliases } = await start();
    await happen(carrier({ orderNumber: '1001', at: minute }));
    vi.spyOn(aliases, 'find').mockRejectedValueOnce(new Error('throttled'));
    expect(await take([paid])).toHaveLength(1);
    await happen(paid);
    expect(await brevo.chat()).toEqual([outForDelivery]);
  });
});

describe('a customer never reads of another’s parcel', () => {
  const other = (data: Parameters<typeof statusChanged>[0]) =>
    shop({ orderId: '2', visitorId: 'visitor-2', ...data });

  test.each([
    ['two orders have its number', other({}), { orderNumber: '1001', trackingNumber: 'T9' }],
    ['two orders have its tracking number', other({ trackingNumber: 'T1', orderNumber: '2' }), {}],
    [
      'its numbers are of different orders',
      other({ trackingNumber: 'T2', orderNumber: '2' }),
      { orderNumber: '1001', trackingNumber: 'T2' },
    ],
    ['the order that it hints at has another number', other({ orderNumber: '2' }), { orderId: '2' }],
  ])('if %s', async (_, second, data) => {
    const { happen, brevo, countOf, tick } = await start();
    await happen(shipped, second);
    const before = await brevo.requests();
    await happen(carrier({ ...data, at: 2 * minute }));
    expect(await brevo.requests()).toEqual(before);
    await tick(30);
    expect(countOf(metricNames.parcelsAmbiguous) + countOf(metricNames.parcelsUnclaimed)).toBe(1);
  });

  test('though its tracking number tells which of two orders with the same number is meant', async () => {
    const { happen, brevo } = await start();
    await happen(
      shipped,
      other({ trackingNumber: 'T2' }),
      carrier({ orderNumber: '1001', trackingNumber: 'T2', at: 2 * minute }),
    );
    expect(await brevo.chat()).toEqual([onItsWay]);
    expect(await brevo.chat('visitor-2')).toEqual([payment, outForDelivery]);
  });

  test('if it waited for a number that two orders then claimed', async () => {
    const { happen, brevo, countOf } = await start();
    await happen(
      statusChanged({ status: 'paid', orderNumber: '7' }),
      other({ orderNumber: '7' }),
      carrier({ orderNumber: '7', trackingNumber: 'T5', at: minute }),
    );
    // Its tracking number may still become known.
    expect(countOf(metricNames.parcelsAmbiguous)).toBe(0);
    await happen(other({ orderNumber: '7', trackingNumber: 'T5', at: 2 }));
    expect(await brevo.chat()).toEqual([payment]);
    expect(await brevo.chat('visitor-2')).toEqual([payment, outForDelivery]);
  });

  test('nor is an order believed that the bridge does not know', async () => {
    const { happen, brevo, countOf } = await start();
    await happen(carrier({ orderId: '1001' }), paid);
    expect(await brevo.chat()).toEqual([payment]);
    expect(countOf(metricNames.parcelsEarly)).toBe(1);
  });
});

test('a carrier’s event of a visitor who was erased brings nothing', async () => {
  const { happen, brevo, store, clock } = await start();
  await happen(shipped);
  await store.change('order:1001', (notice) => ({ ...notice, erasing: true }));
  await happen(carrier({ at: minute }));
  await store.change('order:1001', (notice) => tombstoneOf(notice, clock.now));
  await happen(carrier({ status: 'delivered', at: 2 * minute }));
  expect(await brevo.requests()).toEqual(['POST created']);
});
