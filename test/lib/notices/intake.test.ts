import { describe, expect, test } from 'vitest';
import { takeIn } from '../../../lib/notices/intake.ts';
import { stateOf } from '../../../lib/notices/notice.ts';
import type { NewWish } from '../../../lib/notices/record.ts';
import { startTestStore } from '../../support/stack.ts';
import { noon, orderWish } from '../../support/wishes.ts';

const start = async () => {
  const now = () => noon;
  const { store } = await startTestStore(now);
  return {
    store,
    tell: (newWish: NewWish) => takeIn({ store, now }, { kind: 'tell', newWish }),
    shelf: { store, now },
  };
};

const parcel = (id: number, given: Parameters<typeof orderWish>[0] = {}) =>
  orderWish({ status: 'shipped', reference: `order:1001/shipment:${id}`, order: 'order:1001', ...given });

const refund = (given: Parameters<typeof orderWish>[0] = {}) =>
  orderWish({
    status: 'refunded',
    reference: 'order:1001/refund:9',
    order: 'order:1001',
    visitorId: undefined,
    ...given,
  });

describe('the visitor of an order', () => {
  test('is inherited by a refund that names only the order', async () => {
    const { tell } = await start();
    await tell(orderWish());
    const { result, notices } = await tell(refund());
    expect(result).toBe('accepted');
    expect(notices).toMatchObject([{ reference: 'order:1001/refund:9', visitorId: 'visitor-1' }]);
  });

  test('may be named by a parcel first', async () => {
    const { tell, store } = await start();
    await tell(parcel(7));
    expect((await store.read('order:1001')).visitorId).toBe('visitor-1');
    expect((await tell(refund())).notices).toMatchObject([{ visitorId: 'visitor-1' }]);
  });

  test('is learnt by what came before it, which is then due', async () => {
    const { tell, store } = await start();
    const early = await tell(refund());
    expect(early.notices.map(stateOf)).toEqual(['unaddressed']);
    const { notices } = await tell(orderWish());
    expect(notices.map(({ reference }) => reference)).toEqual(['order:1001', 'order:1001/refund:9']);
    expect(notices.map(stateOf)).toEqual(['pending', 'pending']);
    expect((await store.read('order:1001')).waiting).toEqual([]);
  });

  test('is learnt from another parcel too', async () => {
    const { tell } = await start();
    await tell(refund());
    await tell(parcel(7, { visitorId: undefined }));
    const { notices } = await tell(parcel(8));
    expect(notices.map(({ reference, visitorId }) => [reference, visitorId])).toEqual([
      ['order:1001/shipment:8', 'visitor-1'],
      ['order:1001/refund:9', 'visitor-1'],
      ['order:1001/shipment:7', 'visitor-1'],
    ]);
  });

  test('is learnt from a status that nothing is said about', async () => {
    const { tell, shelf } = await start();
    await tell(refund());
    const { result, notices } = await takeIn(shelf, {
      kind: 'introduce',
      order: 'order:1001',
      visitorId: 'visitor-1',
    });
    expect(result).toBe('introduced');
    expect(notices).toMatchObject([{ reference: 'order:1001/refund:9', visitorId: 'visitor-1' }]);
  });

  test('is learnt by each of many that ask and tell at once', async () => {
    const { tell, store } = await start();
    const parcels = Array.from({ length: 8 }, (_, id) => parcel(id, { visitorId: undefined }));
    await Promise.all([...parcels, orderWish(), refund()].map(tell));
    for (const { reference } of parcels) {
      expect(await store.read(reference)).toMatchObject({
        visitorId: 'visitor-1',
        wish: { status: 'shipped' },
      });
    }
  });

  test('stays: a parcel that names another is refused', async () => {
    const { tell, store } = await start();
    await tell(orderWish());
    expect(await tell(parcel(7, { visitorId: 'visitor-2' }))).toEqual({
      result: 'misaddressed',
      notices: [],
    });
    expect((await store.read('order:1001/shipment:7')).wish).toBeUndefined();
  });
});

describe('while the visitor of an order is being erased', () => {
  test('nothing more is told of it, nor of its parcels', async () => {
    const { tell, store } = await start();
    await tell(orderWish());
    const erasing = await store.change('order:1001', (notice) => ({ ...notice, erasing: true }));
    expect((await tell(orderWish({ status: 'shipped' }))).result).toBe('outdated');
    expect(await tell(parcel(7))).toEqual({ result: 'outdated', notices: [] });
    expect((await store.read('order:1001/shipment:7')).version).toBe(0);
    expect(await store.read('order:1001')).toEqual(erasing);
  });
});

describe('a withdrawal', () => {
  test('is taken in', async () => {
    const { tell, shelf } = await start();
    await tell(orderWish());
    const withdrawal = { kind: 'withdraw', reference: 'order:1001', occurredAt: noon + 1 } as const;
    expect((await takeIn(shelf, withdrawal)).result).toBe('accepted');
    expect((await takeIn(shelf, withdrawal)).result).toBe('duplicate');
  });
});
