import type { Lease } from './lease.ts';
import type { Notice } from './notice.ts';
import { resolve } from './override.ts';
import { addressedTo, type Incoming, type RecordResult, withdraw } from './record.ts';
import type { NoticeStore } from './store.ts';

/** What an event asks of the notices. */
export type Request =
  | { kind: 'desire'; incoming: Incoming }
  | { kind: 'withdraw'; reference: string; occurredAt: number }
  /** Nothing is sent, but from now on it is known whose order it is. */
  | { kind: 'identify'; order: string; visitorId: string }
  /** Brevo shows a message of the bridge's own. */
  | ({ kind: 'seen' } & SeenMessage);

/** What became of a request, and the notices that it may have given something to do. */
export interface Ingested {
  result: RecordResult | 'identified' | 'proven';
  notices: Notice[];
}

interface Deps {
  store: NoticeStore;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Stores what an event asks for. It is safe from then on, whatever becomes of the call to Brevo.
 * @param lease taken along if there is something to do and nobody is at it
 */
export const ingest = async (deps: Deps, request: Request, lease?: Lease): Promise<Ingested> => {
  switch (request.kind) {
    case 'desire':
      return desire(deps, request.incoming, lease);
    case 'withdraw':
      return withdrawn(deps, request.reference, request.occurredAt);
    case 'identify': {
      const { order, visitorId } = request;
      const notice = await deps.store.change(order, (seen) => addressedTo(seen, visitorId, deps.now()));
      return { result: 'identified', notices: await wake(deps, notice) };
    }
    case 'seen': {
      const notice = await settleSeen(deps, request);
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
const desire = async (deps: Deps, incoming: Incoming, lease?: Lease): Promise<Ingested> => {
  const { store, now } = deps;
  const order =
    incoming.order === undefined ? undefined : await store.change(incoming.order, sharing(incoming, now()));
  const visitorId = order?.visitorId ?? incoming.visitorId;
  if (incoming.visitorId !== undefined && incoming.visitorId !== visitorId)
    return { result: 'misaddressed', notices: [] };
  if (order?.erasing === true) return { result: 'outdated', notices: [] };
  const { result, notice } = await store.record({ ...incoming, visitorId }, lease);
  const woken = await wake(deps, order ?? notice);
  return { result, notices: [notice, ...woken.filter(({ reference }) => reference !== notice.reference)] };
};

const withdrawn = async ({ store, now }: Deps, reference: string, occurredAt: number): Promise<Ingested> => {
  let result: RecordResult = 'duplicate';
  const notice = await store.change(reference, (seen) => {
    const recorded = withdraw(seen, occurredAt, now());
    result = recorded.result;
    return recorded.notice;
  });
  return { result, notices: [notice] };
};

/** The order learns from the desired state who the visitor is, or remembers that the desired state's subject wants to know. */
const sharing =
  ({ reference, visitorId }: Incoming, now: number) =>
  (order: Notice): Notice => {
    if (order.visitorId !== undefined || order.erasing === true) return order;
    if (visitorId !== undefined) return addressedTo(order, visitorId, now);
    return order.waiting.includes(reference) ? order : { ...order, waiting: [...order.waiting, reference] };
  };

const wake = async ({ store, now }: Deps, { reference, visitorId, waiting }: Notice): Promise<Notice[]> => {
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

/** A message of the bridge's own that Brevo shows in a conversation. */
interface SeenMessage {
  visitorId: string;
  messageId: string;
  text: string;
}

/**
 * Settles the post of unknown outcome that a message in the chat proves to have been sent: for the same visitor, with the
 * same text, and a message that no notice knows.
 * @returns the notice, if there was one
 */
const settleSeen = async (
  { store, now }: { store: NoticeStore; now: () => number },
  { visitorId, messageId, text }: SeenMessage,
): Promise<Notice | undefined> => {
  if ((await store.ownerOf(messageId)) !== undefined) return undefined;
  for await (const reference of store.ofVisitor(visitorId)) {
    let isSettled = false;
    const notice = await store.change(reference, (seen) => {
      isSettled = false;
      if (seen.unknown === undefined || seen.visitorId !== visitorId || seen.desired?.text !== text)
        return seen;
      const sent = resolve(seen, 'sent', { now: now(), messageId });
      isSettled = sent !== undefined;
      return sent ?? seen;
    });
    if (!isSettled) continue;
    await store.pointTo(messageId, reference);
    return notice;
  }
  return undefined;
};
