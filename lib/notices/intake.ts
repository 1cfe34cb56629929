import type { Request } from '../orders/wishes.ts';
import type { Lease } from './deliver.ts';
import type { Notice } from './notice.ts';
import { addressedTo, type NewWish, type RecordResult } from './record.ts';
import { settleSeen } from './seen.ts';
import type { NoticeStore } from './store.ts';
import { withdraw } from './withdraw.ts';

/** What became of a request, and the notices that it may have given something to do. */
export interface Intake {
  result: RecordResult | 'introduced' | 'proven';
  notices: Notice[];
}

interface Shelf {
  store: NoticeStore;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Stores what an event asks for. It is safe from then on, whatever becomes of the call to Brevo.
 * @param lease taken along if there is something to do and nobody is at it
 */
export const takeIn = async (shelf: Shelf, request: Request, lease?: Lease): Promise<Intake> => {
  switch (request.kind) {
    case 'tell':
      return tell(shelf, request.newWish, lease);
    case 'withdraw':
      return withdrawn(shelf, request.reference, request.occurredAt);
    case 'introduce': {
      const { order, visitorId } = request;
      const notice = await shelf.store.change(order, (seen) => addressedTo(seen, visitorId, shelf.now()));
      return { result: 'introduced', notices: await wake(shelf, notice) };
    }
    case 'seen': {
      const notice = await settleSeen(shelf, request);
      return notice === undefined
        ? { result: 'duplicate', notices: [] }
        : { result: 'proven', notices: [notice] };
    }
  }
};

/**
 * The visitor of an order is fixed by the first event that names one, be it of the order or of one of its shipments
 * or refunds; all of them share it. What comes before that waits, and is found through the order's `waiting`.
 */
const tell = async (shelf: Shelf, newWish: NewWish, lease?: Lease): Promise<Intake> => {
  const { store, now } = shelf;
  const order =
    newWish.order === undefined ? undefined : await store.change(newWish.order, sharing(newWish, now()));
  const visitorId = order?.visitorId ?? newWish.visitorId;
  if (newWish.visitorId !== undefined && newWish.visitorId !== visitorId)
    return { result: 'misaddressed', notices: [] };
  if (order?.erasing === true) return { result: 'outdated', notices: [] };
  const { result, notice } = await store.record({ ...newWish, visitorId }, lease);
  const woken = await wake(shelf, order ?? notice);
  return { result, notices: [notice, ...woken.filter(({ reference }) => reference !== notice.reference)] };
};

const withdrawn = async ({ store, now }: Shelf, reference: string, occurredAt: number): Promise<Intake> => {
  let result: RecordResult = 'duplicate';
  const notice = await store.change(reference, (seen) => {
    const recorded = withdraw(seen, occurredAt, now());
    result = recorded.result;
    return recorded.notice;
  });
  return { result, notices: [notice] };
};

/** The order learns from the wish who the visitor is, or remembers that the wish's subject wants to know. */
const sharing =
  ({ reference, visitorId }: NewWish, now: number) =>
  (order: Notice): Notice => {
    if (order.visitorId !== undefined || order.erasing === true) return order;
    if (visitorId !== undefined) return addressedTo(order, visitorId, now);
    return order.waiting.includes(reference) ? order : { ...order, waiting: [...order.waiting, reference] };
  };

const wake = async ({ store, now }: Shelf, { reference, visitorId, waiting }: Notice): Promise<Notice[]> => {
  if (visitorId === undefined || waiting.length === 0) return [];
  const woken = await Promise.all(
    waiting.map((subject) => store.change(subject, (notice) => addressedTo(notice, visitorId, now()))),
  );
  await store.change(reference, (order) => {
    const others = order.waiting.filter((subject) => !waiting.includes(subject));
    return others.length === order.waiting.length ? order : { ...order, waiting: others };
  });
  return woken;
};
