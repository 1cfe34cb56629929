import type { OutgoingEvent } from '../bus/publisher.ts';
import { messages } from '../runtime/log.ts';
import type { Erasure } from './erasure-store.ts';
import { type Notice, pendingDeletes, tombstoneOf, unreachableOf } from './notice.ts';
import { withdrawByOverride } from './override.ts';
import type { Worker } from './reconcile.ts';
import { type Reconciled, reconcile } from './reconcile.ts';

/**
 * Time without notices after which an erasure ends. The index may lag by minutes, and an event that is being ingested
 * may still add a notice. Milliseconds.
 */
const settlingMs = 15 * 60_000;

/**
 * The progress of a visitor's erasure: the notices that are still stored, the messages still to be deleted, and those
 * that can only be deleted in Brevo itself. Undefined if none is in progress.
 */
export const progressOf = async ({ store }: Pick<Worker, 'store'>, visitorId: string) => {
  const erasure = await store.erasures.read(visitorId);
  if (erasure === undefined) return undefined;
  const { requestedAt, unreachable } = erasure;
  const progress = { visitorId, requestedAt, notices: 0, messages: 0, unreachable };
  for await (const reference of store.ofVisitor(visitorId)) {
    const notice = await store.read(reference);
    if (notice.visitorId !== visitorId) continue;
    progress.notices++;
    progress.messages += notice.messages.length - unreachableOf(notice).length;
    progress.unreachable += unreachableOf(notice).length;
  }
  return progress;
};

export type Progress = NonNullable<Awaited<ReturnType<typeof progressOf>>>;

/**
 * Continues an erasure. Nothing more is sent to the visitor from now on, and messages are deleted as far as budget
 * and time allow. Once no more notices are found, the erasure itself is removed.
 */
export const eraseSome = async (worker: Worker, erasure: Erasure): Promise<void> => {
  const { visitor } = erasure;
  const found: Notice[] = [];
  let listed = 0;
  for await (const reference of worker.store.ofVisitor(visitor)) {
    if (!worker.hasTime()) return;
    listed++;
    const notice = await silence(worker, reference, visitor);
    // The index lags: a notice that was just removed may still be listed.
    if (notice.visitorId === visitor) found.push(notice);
  }
  if (listed === 0) return end(worker, erasure);
  if (found.length > 0) await worker.store.erasures.note(visitor, await removeAll(worker, found));
};

/** Stops the notice from sending anything more, and also the notices that wait for it to learn their visitor. */
const silence = async (worker: Worker, reference: string, visitor: string): Promise<Notice> => {
  const { store, now } = worker;
  const erased = (notice: Notice): Notice => {
    const withdrawn = withdrawByOverride(notice, now());
    // Nothing else waits longer for the budget than what must be deleted.
    return {
      ...withdrawn,
      desired: withdrawn.desired && { ...withdrawn.desired, priority: 1 },
      erasing: true,
    };
  };
  const notice = await store.change(reference, (seen) =>
    seen.visitorId !== visitor || seen.erasing === true ? seen : erased(seen),
  );
  if (notice.visitorId !== visitor) return notice;
  for (const waiting of notice.waiting) {
    await store.change(waiting, (seen) =>
      seen.version === 0 || seen.visitorId !== undefined ? seen : { ...erased(seen), visitorId: visitor },
    );
  }
  return notice;
};

const removeAll = async (
  worker: Worker,
  found: readonly Notice[],
): Promise<Pick<Erasure, 'erased' | 'unreachable'>> => {
  const done = { erased: 0, unreachable: 0 };
  let hasBudget = true;
  for (const seen of found) {
    if (!worker.hasTime()) break;
    try {
      const reconciled: Reconciled = hasBudget
        ? await reconcile(worker, seen)
        : { notice: seen, isOutOfBudget: true };
      hasBudget = !reconciled.isOutOfBudget;
      const { notice } = reconciled;
      if (!isEmpty(notice, worker.now())) continue;
      const tombstone = tombstoneOf(notice, worker.now());
      const { erasing } = await worker.store.change(
        notice.reference,
        (stored) => (stored.version === notice.version ? tombstone : stored),
        notice,
      );
      if (erasing === true) continue;
      done.erased++;
      done.unreachable += unreachableOf(notice).length;
    } catch (error) {
      worker.logger.error(messages.notReconciled, { reference: seen.reference, reason: String(error) });
    }
  }
  return done;
};

/** Whether nothing is left to delete in Brevo, and no message can still arrive. */
const isEmpty = (notice: Notice, now: number): boolean =>
  notice.call === undefined && pendingDeletes(notice).length === 0 && notice.cooldownUntil <= now;

/** The event for other systems that must forget the visitor too. `at` in milliseconds since 1970. */
export const erasedEvent = (
  { visitor, requestedAt, erased, unreachable }: Erasure,
  at: number,
): OutgoingEvent => ({
  type: 'visitor.erased',
  id: `visitor.erased:${visitor}:${requestedAt}`,
  at,
  data: { visitorId: visitor, erased, unreachable },
});

/** The end is published first, and again if the erasure could not be ended: other systems must learn of it. */
const end = async ({ store, logger, now, publish }: Worker, erasure: Erasure): Promise<void> => {
  const { erased, unreachable, lastSeenAt } = erasure;
  if (now() - lastSeenAt < settlingMs) return;
  await publish([erasedEvent(erasure, now())]);
  if (await store.erasures.end(erasure)) logger.info(messages.erased, { erased, unreachable });
};

/** Continues all erasures in progress, as far as budget and time allow. A failed one does not stop the others. */
export const eraseVisitors = async (worker: Worker): Promise<void> => {
  if (!worker.hasTime()) return;
  for (const erasure of await worker.store.erasures.all()) {
    try {
      await eraseSome(worker, erasure);
    } catch (error) {
      worker.logger.error(messages.notErased, { reason: String(error) });
    }
  }
};
