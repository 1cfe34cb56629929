import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Parcels, placed, type Sighting, trackingKey } from '../../../lib/orders/parcels.ts';

/** The notices in which sightings are told, one after the other. */
const idsOf = (sightings: readonly Sighting[]): (string | undefined)[] => {
  let known: Parcels = [];
  return sightings.map((sighting) => {
    const { id, parcels } = placed(known, sighting);
    known = parcels;
    return id;
  });
};

const shop = (shipmentId?: string, trackingNumber?: string): Sighting => ({
  by: 'shop',
  shipmentId,
  trackingNumber,
});
const carrier = (trackingNumber: string): Sighting => ({ by: 'carrier', trackingNumber });
/** The order's own notice. */
const own = undefined;

test.each<[string, Sighting[], (string | undefined)[]]>([
  ['the shop’s parcel with this number', [shop('7', 'T1'), shop('8', 'T2'), carrier('T2')], ['7', '8', '8']],
  [
    'the oldest parcel without a number',
    [shop('7'), shop('8'), carrier('T1'), carrier('T2')],
    ['7', '8', '7', '8'],
  ],
  ['the parcel that the shop told with the order', [shop(), carrier('T1')], [own, own]],
  ['the order itself if it has no parcel', [carrier('T1'), shop(), shop('7', 'T1')], [own, own, own]],
  [
    'a parcel of its own if all others have numbers',
    [shop('7', 'T1'), carrier('T2'), shop('8', 'T2')],
    ['7', 'T2', 'T2'],
  ],
  [
    'a parcel that a carrier named first',
    [carrier('T1'), carrier('T2'), shop('7'), shop('8')],
    [own, 'T2', own, 'T2'],
  ],
  [
    'its parcel though the shop corrected the number',
    [shop('7', 'T1'), shop('7', 'T2'), carrier('T1'), carrier('T2')],
    ['7', '7', '7', '7'],
  ],
  [
    'the parcel that the shop names, against what was concluded',
    [shop('7'), carrier('T2'), shop('8', 'T2'), carrier('T2'), carrier('T1')],
    ['7', '7', '8', '8', '7'],
  ],
  ['its parcel however the number is written', [shop('7', '99.00.12 ab'), carrier('990012AB')], ['7', '7']],
  ['the order itself without a number', [shop('7', 'T1'), carrier(' - ')], ['7', own]],
])('an event belongs to %s', (_, sightings, ids) => {
  expect(idsOf(sightings)).toEqual(ids);
});

const numbers = fc.constantFrom('T1', 'T2', 'T3', 'T4');
const reports = fc.array(
  fc.oneof(
    fc.record({ by: fc.constant('carrier' as const), trackingNumber: numbers }),
    fc.record({
      by: fc.constant('shop' as const),
      shipmentId: fc.option(fc.constantFrom('7', '8', '9'), { nil: undefined }),
      trackingNumber: fc.option(numbers, { nil: undefined }),
    }),
  ),
  { maxLength: 12 },
);

describe('whatever is reported', () => {
  law.prop([reports])('a repeat finds the parcel of before and writes nothing', (sightings) => {
    let known: Parcels = [];
    for (const sighting of sightings) {
      const first = placed(known, sighting);
      expect(placed(first.parcels, sighting)).toEqual({ id: first.id, parcels: first.parcels });
      expect(placed(first.parcels, sighting).parcels).toBe(first.parcels);
      known = first.parcels;
    }
  });

  law.prop([reports])('without a carrier each parcel has the id that the shop gave it', (sightings) => {
    const byShop = sightings.filter(({ by }) => by === 'shop');
    expect(idsOf(byShop)).toEqual(byShop.map((each) => ('shipmentId' in each ? each.shipmentId : undefined)));
  });

  law.prop([reports])('no two parcels have the same notice', (sightings) => {
    let known: Parcels = [];
    for (const sighting of sightings) known = placed(known, sighting).parcels;
    expect(new Set(known.map(({ id }) => id)).size).toBe(known.length);
  });
});

/** Several parcels, each reported by both, in any order. */
const bothReport = (byShop: (parcel: number) => Sighting, most: number) =>
  fc.integer({ min: 1, max: most }).chain((count) =>
    fc.shuffledSubarray(
      Array.from({ length: count }, (_, parcel) =>
        [byShop(parcel), byShop(parcel), carrier(`T${parcel}`), carrier(`T${parcel}`)].map((sighting) => ({
          parcel,
          sighting,
        })),
      ).flat(),
    ),
  );

/** Each parcel's notices. */
const noticesOf = (steps: readonly { parcel: number; sighting: Sighting }[]) => {
  const ids = idsOf(steps.map(({ sighting }) => sighting));
  const byParcel = Map.groupBy(ids.entries(), ([index]) => steps[index]?.parcel);
  return [...byParcel.values()].map((entries) => [...new Set(entries.map(([, id]) => id))]);
};

describe('in any order of what shop and carrier report', () => {
  law.prop([bothReport((parcel) => shop(`${parcel}`, `T${parcel}`), 4)])(
    'a parcel has one notice and shares it with no other',
    (steps) => {
      const notices = noticesOf(steps);
      for (const ids of notices) expect(ids).toHaveLength(1);
      expect(new Set(notices.flat()).size).toBe(notices.length);
    },
  );

  law.prop([
    fc
      .constantFrom(shop('7'), shop(), shop(undefined, 'T0'), shop('7', 'T0'))
      .chain((sighting) => bothReport(() => sighting, 1)),
  ])('the only parcel of an order has one notice, whatever the shop calls it by', (steps) => {
    for (const ids of noticesOf(steps)) expect(ids).toHaveLength(1);
  });
});

test('an order with no end of parcels keeps the newest hundred', () => {
  let known: Parcels = [];
  for (let parcel = 0; parcel < 150; parcel++) known = placed(known, shop(`${parcel}`)).parcels;
  expect(known).toHaveLength(100);
  expect(known.at(-1)).toMatchObject({ id: '149' });
});

test.each([
  ['1Z 999-AA1.01', '1Z999AA101'],
  ['ab12', 'AB12'],
  [' / ', ''],
])('the tracking number %j is known as %j', (written, key) => {
  expect(trackingKey(written)).toBe(key);
});
