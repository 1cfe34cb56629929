/**
 * Which parcel of an order an event is about. A shop calls its parcels by an id of its own, or not at all; a carrier
 * knows the tracking number alone.
 */
import * as z from 'zod/mini';

const parcel = z.object({
  /** What its notice is called by; absent if it is told in the order's own notice. */
  id: z.optional(z.string()),
  shipmentId: z.optional(z.string()),
  /** The tracking numbers that the shop gave it, which may correct an earlier one. */
  numbers: z._default(z.array(z.string()), []),
  /** The tracking number by which a carrier reported it, before the shop named it. */
  reportedAs: z.optional(z.string()),
});
type Parcel = z.output<typeof parcel>;

export const parcelList = z.array(parcel);
export type Parcels = readonly Parcel[];

/** What an event says of a parcel. */
export interface Sighting {
  by: 'shop' | 'carrier';
  shipmentId?: string | undefined;
  trackingNumber?: string | undefined;
}

/** People write tracking numbers with spaces, dots and hyphens, which mean nothing. */
export const trackingKey = (number: string): string => number.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();

/** A longer list would grow the item with each event of an order that has no end. */
const mostParcels = 100;

/**
 * The parcel of an event.
 *
 * What a shop reports stays under the shop's own id, or with the order, unless a carrier was first: then it joins the
 * parcel that the carrier opened. The same event always finds the same parcel again, until the shop names its number.
 * @returns the id of the parcel's notice, undefined for the order's own; the same list if nothing is new
 */
export const placed = (
  known: Parcels,
  { by, shipmentId, trackingNumber }: Sighting,
): { id: string | undefined; parcels: Parcels } => {
  const number = (trackingNumber && trackingKey(trackingNumber)) || undefined;
  if (by === 'shop') return placedByShop(known, shipmentId, number);
  return number === undefined ? { id: undefined, parcels: known } : placedByCarrier(known, number);
};

const placedByShop = (known: Parcels, shipmentId?: string, number?: string) => {
  const isFree = (each: Parcel) => each.shipmentId === undefined || shipmentId === undefined;
  const found =
    (shipmentId !== undefined && known.find((each) => each.shipmentId === shipmentId)) ||
    (number !== undefined && known.find((each) => each.reportedAs === number && isFree(each))) ||
    (number === undefined && shipmentId !== undefined && known.find(isOnlyReported)) ||
    (shipmentId === undefined && known.find(({ id }) => id === undefined)) ||
    undefined;
  const named: Parcel = {
    ...(found ?? { id: shipmentId, numbers: [] }),
    ...(shipmentId !== undefined && { shipmentId }),
  };
  const isNew = number !== undefined && !named.numbers.includes(number);
  const next = isNew ? { ...named, numbers: [...named.numbers, number] } : named;
  // The shop knows better than what was concluded from a carrier's report.
  const others = known.flatMap((each) => {
    const isMistaken =
      each !== found && isNew && each.reportedAs === number && !each.numbers.includes(number);
    if (!isMistaken) return [each];
    return each.id !== undefined && isOnlyReported(each) ? [] : [without(each)];
  });
  const isKnown = found !== undefined && !isNew && found.shipmentId === next.shipmentId;
  return { id: next.id, parcels: isKnown ? known : including(others, found, next) };
};

const placedByCarrier = (known: Parcels, number: string) => {
  const found =
    known.findLast(({ numbers }) => numbers.includes(number)) ??
    known.find(({ reportedAs }) => reportedAs === number);
  if (found !== undefined) return { id: found.id, parcels: known };
  const nameless = known.find(({ numbers, reportedAs }) => numbers.length === 0 && reportedAs === undefined);
  const next: Parcel = {
    ...(nameless ?? { id: known.length === 0 ? undefined : number, numbers: [] }),
    reportedAs: number,
  };
  return { id: next.id, parcels: including(known, nameless, next) };
};

/** Whether the shop has said nothing that tells this parcel from others. */
const isOnlyReported = ({ shipmentId, numbers, reportedAs }: Parcel): boolean =>
  reportedAs !== undefined && shipmentId === undefined && numbers.length === 0;

const without = ({ reportedAs: _, ...parcel }: Parcel): Parcel => parcel;

const including = (known: Parcels, found: Parcel | undefined, next: Parcel): Parcels =>
  found === undefined
    ? [...known, next].slice(-mostParcels)
    : known.map((each) => (each === found ? next : each));
