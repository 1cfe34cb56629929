import { describe, expect, test } from 'vitest';
import { ingest } from '../../../lib/notices/ingest.ts';
import { stateOf } from '../../../lib/notices/notice.ts';
import type { Incoming } from '../../../lib/notices/record.ts';
import { incomingOrder, noon } from '../../support/incoming.ts';
import { startTestStore } from '../../support/stack.ts';

const start = async () => {
  const now = () => noon;
  const { store } = await startTestStore(now);
  return {
    store,
    desire: (incoming: Incoming) => ingest({ store, now }, { kind: 'desire', incoming }),
    deps: { store, now },
  };
};

const parcel = (id: number, given: Parameters<typeof incomingOrder>[0] = {}) =>
  incomingOrder({ status: 'shipped', reference: `order:1001/shipment:${id}`, order: 'order:1001', ...given });

const refund = (given: Parameters<typeof incomingOrder>[0] = {}) =>
  incomingOrder({
    status: 'refunded',
    reference: 'order:1001/refund:9',
    order: 'order:1001',
    visitorId: undefined,
    ...given,
  });

describe('the visitor of an order', () => {
  test('is inherited by a refund that names only the order', async () => {
    const { desire } = await start();
    await desire(incomingOrder());
    const { result, notices } = await desire(refund());
    expect(result).toBe('accepted');
    expect(notices).toMatchObject([{ reference: 'order:1001/refund:9', visitorId: 'visitor-1' }]);
  });

  test('may first be named by a parcel', async () => {
    const { desire, store } = await start();
    await desire(parcel(7));
    expect((await store.read('order:1001')).visitorId).toBe('visitor-1');
    expect((await desire(refund())).notices).toMatchObject([{ visitorId: 'visitor-1' }]);
  });

  test('makes earlier notices due once it is known', async () => {
    const { desire, store } = await start();
    const early = await desire(refund());
    expect(early.notices.map(stateOf)).toEqual(['unaddressed']);
    const { notices } = await desire(incomingOrder());
    expect(notices.map(({ reference }) => reference)).toEqual(['order:1001', 'order:1001/refund:9']);
    expect(notices.map(stateOf)).toEqual(['pending', 'pending']);
    expect((await store.read('order:1001')).waiting).toEqual([]);
  });

  test('may be named by another parcel', async () => {
    const { desire } = await start();
    await desire(refund());
    await desire(parcel(7, { visitorId: undefined }));
    const { notices } = await desire(parcel(8));
    expect(notices.map(({ reference, visitorId }) => [reference, visitorId])).toEqual([
      ['order:1001/shipment:8', 'visitor-1'],
      ['order:1001/refund:9', 'visitor-1'],
      ['order:1001/shipment:7', 'visitor-1'],
    ]);
  });

  test('may be named by a status without a text', async () => {
    const { desire, deps } = await start();
    await desire(refund());
    const { result, notices } = await ingest(deps, {
      kind: 'identify',
      order: 'order:1001',
      visitorId: 'visitor-1',
      occurredAt: noon,
    });
    expect(result).toBe('identified');
    expect(notices).toMatchObject([{ reference: 'order:1001/refund:9', visitorId: 'visitor-1' }]);
  });

  test('reaches every waiting notice when many events arrive at the same time', async () => {
    const { desire, store } = await start();
    const parcels = Array.from({ length: 8 }, (_, id) => parcel(id, { visitorId: undefined }));
    await Promise.all([...parcels, incomingOrder(), refund()].map(desire));
    for (const { reference } of parcels) {
      expect(await store.read(reference)).toMatchObject({
        visitorId: 'visitor-1',
        desired: { status: 'shipped' },
      });
    }
  });

  test('does not change: a parcel that names another visitor is refused', async () => {
    const { desire, store } = await start();
    await desire(incomingOrder());
    expect(await desire(parcel(7, { visitorId: 'visitor-2' }))).toEqual({
      result: 'misaddressed',
      notices: [],
    });
    expect((await store.read('order:1001/shipment:7')).desired).toBeUndefined();
  });
});

describe('while the visitor of an order is being erased', () => {
  test('nothing more is sent for the order or its parcels', async () => {
    const { desire, store } = await start();
    await desire(incomingOrder());
    const erasing = await store.change('order:1001', (notice) => ({ ...notice, erasing: true }));
    expect((await desire(incomingOrder({ status: 'shipped' }))).result).toBe('outdated');
    expect(await desire(parcel(7))).toEqual({ result: 'outdated', notices: [] });
    expect((await store.read('order:1001/shipment:7')).version).toBe(0);
    expect(await store.read('order:1001')).toEqual(erasing);
  });
});

describe('a withdrawal', () => {
  test('is ingested', async () => {
    const { desire, deps } = await start();
    await desire(incomingOrder());
    const withdrawal = { kind: 'withdraw', reference: 'order:1001', occurredAt: noon + 1 } as const;
    expect((await ingest(deps, withdrawal)).result).toBe('accepted');
    expect((await ingest(deps, withdrawal)).result).toBe('duplicate');
  });

  test('that anyone could have kept and sent again has no effect once the order was reopened', async () => {
    const { desire, deps, store } = await start();
    const deleted = { kind: 'withdraw', reference: 'order:1001', unlessReopened: true } as const;
    await desire(incomingOrder());
    expect((await ingest(deps, { ...deleted, occurredAt: noon + 1 })).result).toBe('accepted');
    await desire(incomingOrder({ at: 2, reopens: true, text: 'restored' }));
    expect((await ingest(deps, { ...deleted, occurredAt: noon + 3 })).result).toBe('outdated');
    expect((await store.read('order:1001')).desired?.text).toBe('restored');
    const withdrawal = { kind: 'withdraw', reference: 'order:1001', occurredAt: noon + 3 } as const;
    expect((await ingest(deps, withdrawal)).result).toBe('accepted');
  });
});
