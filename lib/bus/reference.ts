import { InvalidInput } from '../runtime/parse.ts';
import type { Subject } from '../texts/order-status.ts';
import { longestReference } from './fields.ts';

/**
 * The reference of an order's notice, or of one of its parcels or refunds.
 * @throws {InvalidInput} if the ids are too long together
 */
export const orderReference = (orderId: string, part?: { about: Subject; id: string }): string => {
  const order = `order:${segment(orderId)}`;
  return fitting(part === undefined ? order : `${order}/${part.about}:${segment(part.id)}`);
};

/** The order and the parcel that a parcel's reference names; undefined for any other reference. */
export const parcelNamedBy = (reference: string): { orderId: string; shipmentId: string } | undefined => {
  const [, orderId, shipmentId] = /^order:([^/:]+)\/shipment:([^/:]+)$/.exec(reference) ?? [];
  if (orderId === undefined || shipmentId === undefined) return undefined;
  return { orderId: idIn(orderId), shipmentId: idIn(shipmentId) };
};

/** @throws {InvalidInput} if the ids are too long together */
export const announcementReference = (announcementId: string, visitorId: string): string =>
  fitting(`announcement:${segment(announcementId)}:${segment(visitorId)}`);

/** @throws {InvalidInput} if the ids that the reference consists of are too long together to be stored under it */
const fitting = (reference: string): string => {
  if (Buffer.byteLength(reference) <= longestReference) return reference;
  const message = `the ids are longer than ${longestReference} bytes together: ${reference.slice(0, 100)}…`;
  throw new InvalidInput('The event', [{ path: ['detail', 'data'], message }]);
};

/**
 * Escapes the separators of a reference, so that no id can be read as part of another reference, and what a path cannot
 * carry (`addressable`): `a/b` becomes `a~2fb`. The tilde is escaped too, so that no two ids are written alike.
 */
const segment = (id: string): string =>
  id.replaceAll(
    /[~/:?%#\\\p{Cc}]/gu,
    (character) => `~${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

const idIn = (segment: string): string =>
  segment.replaceAll(/~([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
