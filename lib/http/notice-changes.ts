import { createHash } from 'node:crypto';
import type { Place } from '../notices/item.ts';
import { isTombstone, type Notice, stateOf, tombstoneOf } from '../notices/notice.ts';
import { overrideMessage, type Resolution, removeMessage, resolve } from '../notices/override.ts';
import type { Bridge, Worker } from '../notices/reconcile.ts';
import { type Incoming, record } from '../notices/record.ts';
import { incomingText } from '../orders/map-event.ts';
import { Problem } from './contract/problem.ts';

/**
 * Returns the notice if it exists.
 * @throws {Problem} not-found if nothing is stored under the reference
 */
export const known = (notice: Notice): Notice => {
  if (!isTombstone(notice)) return notice;
  throw new Problem('not-found', { detail: `No notice has the reference ${notice.reference}` });
};

/** What an operator asks for. */
type Operation = Pick<Worker, 'store' | 'now' | 'mayRetry'>;

/**
 * A function may be frozen while it runs. Whoever called it has given up by then, and may have asked for something else,
 * which a late write would replace. To be called right before each write.
 * @throws {Problem} unavailable
 */
const refuseLate = ({ mayRetry }: Pick<Operation, 'mayRetry'>): void => {
  if (!mayRetry()) throw new Problem('unavailable', { detail: 'There was no time to change the notice' });
};

/**
 * Returns the notice if it may be changed now.
 * @throws {Problem} not-found; conflict while its visitor is being erased; unavailable
 */
export const changeable = (notice: Notice, operation: Pick<Operation, 'mayRetry'>): Notice => {
  refuseLate(operation);
  return notErasing(known(notice));
};

const notErasing = (notice: Notice): Notice => {
  const { reference, erasing } = notice;
  if (erasing !== true) return notice;
  throw new Problem('conflict', { detail: `The visitor of ${reference} is being erased`, reference });
};

/** The time now, and the time until which a desired state created now may be posted. Milliseconds since 1970. */
export const newsOf = ({ now, config }: Pick<Bridge, 'now' | 'config'>) => {
  const moment = now();
  return { now: moment, postBy: moment + config.freshnessHours * 3_600_000 };
};

/** A message to send once. A repeat with the same reference or key sends nothing. */
export interface Asked {
  visitorId: string;
  text: string;
  agentId?: string | undefined;
  groupId?: string | undefined;
  reference?: string | undefined;
  /** From the header `Idempotency-Key`. */
  key?: string | undefined;
}

type Deps = Pick<Bridge, 'store' | 'now' | 'newId' | 'config'>;

/**
 * Stores the request in a notice of its own, unless it is a repeat.
 * @throws {Problem} conflict if the reference or key was used for another request
 */
export const askFor = async (deps: Deps, asked: Asked): Promise<Notice> => {
  const wanted = incomingOf(deps, asked);
  const notice = await deps.store.change(wanted.reference, (seen) =>
    seen.desired === undefined ? record(seen, wanted, deps.now()).notice : seen,
  );
  if (isSameRequest(notice, wanted)) return notice;
  const named = asked.reference === undefined ? 'The Idempotency-Key' : `The reference ${asked.reference}`;
  const detail = `${named} was already used for another request; to change the message, use PUT /notices/{reference}`;
  throw new Problem('conflict', { detail, reference: wanted.reference });
};

/**
 * Forgets a request whose message Brevo refused. The caller learns why, and may send a corrected request with the same
 * reference or key, so nobody else has to act.
 * @param notice as it is after the call to Brevo
 * @throws {Problem} brevo-refused
 */
export const rejectRefused = async ({ store }: Pick<Bridge, 'store'>, notice: Notice): Promise<void> => {
  const { reference, version, revision, request, messages, waiting, hold } = notice;
  const isOnlyThat = revision === 1 && request !== undefined && messages.length + waiting.length === 0;
  if (stateOf(notice) !== 'refused' || !isOnlyThat) return;
  await store.change(reference, (seen) => (seen.version === version ? tombstoneOf(seen, 0) : seen));
  throw new Problem('brevo-refused', {
    detail: `Brevo refused the message, and nothing was done: ${hold?.reason}`,
  });
};

/** If an event created the notice, a request with the same text to the same visitor counts as a repeat. */
const isSameRequest = ({ request, desired, visitorId }: Notice, wanted: Incoming): boolean =>
  request === undefined
    ? desired?.content === wanted.desired.content && visitorId === wanted.visitorId
    : request === wanted.request;

const incomingOf = ({ now, newId, config }: Deps, asked: Asked): Incoming => {
  const { visitorId, text, agentId, groupId } = asked;
  const to = { reference: referenceOf(asked, newId), visitorId, priority: config.priority.default };
  return {
    ...incomingText(config, { text, agentId, groupId, occurredAt: now() }, to),
    request: digest(JSON.stringify([visitorId, text, agentId, groupId])),
  };
};

const referenceOf = ({ reference, key }: Asked, newId: () => string): string => {
  if (reference !== undefined && key !== undefined) {
    const detail = 'give either a reference or the header Idempotency-Key, not both';
    const errors = [
      { pointer: '#/reference', detail },
      { parameter: 'idempotency-key', detail },
    ];
    throw new Problem('invalid-request', { detail, errors });
  }
  return reference ?? `request:${key === undefined ? newId() : digest(key)}`;
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/**
 * Applies an operator's decision to a held notice.
 * @param path the reference, followed by `/resolve`: the route matches everything after `/notices/`, including
 * slashes
 * @param answer.messageId the id of the message in the chat, for `sent`
 * @throws {Problem} not-found; conflict if the decision does not apply to the state of the notice
 */
export const answerFor = async (
  operation: Operation,
  path: string,
  { action, messageId }: { action: Resolution; messageId?: string | undefined },
): Promise<Notice> => {
  const { store, now } = operation;
  const reference = heldReference(path);
  const found = messageId === undefined ? {} : { messageId };
  const notice = await store.change(reference, (seen) => {
    refuseLate(operation);
    // A deletion that Brevo refused may be retried during an erasure, which could not end otherwise.
    const resolved = resolve(action === 'retry' ? known(seen) : changeable(seen, operation), action, {
      now: now(),
      ...found,
    });
    if (resolved !== undefined) return resolved;
    throw new Problem('conflict', {
      detail: `The notice ${reference} is not in a state that allows the action ${action}`,
      reference,
    });
  });
  // Written after the notice, which alone determines whether the decision applies.
  if (messageId !== undefined) await store.pointTo(messageId, reference);
  return notice;
};

const heldReference = (path: string): string => {
  const suffix = '/resolve';
  if (path.endsWith(suffix) && path.length > suffix.length) return path.slice(0, -suffix.length);
  const allow = 'GET, PUT, DELETE';
  throw new Problem(
    'method-not-allowed',
    { detail: `Allowed methods: ${allow}, and POST on the path that ends in /resolve` },
    { allow },
  );
};

/** Notices that are listed at once. */
const pageSize = 25;

/** Time reserved for the last notice and the response. Milliseconds. */
const reservedMs = 5_000;

/**
 * Makes all notices due again that Brevo refused, as far as time allows: the most urgent first, then those held
 * longest. It calls Brevo for none of them. A notice that Brevo refuses again meanwhile is not retried twice.
 * @returns how many notices are due again, and whether there was no time for all
 */
export const retryRefused = async (
  { store, now }: Pick<Bridge, 'store' | 'now'>,
  remainingMs: () => number,
): Promise<{ retried: number; more: boolean }> => {
  const begunAt = now();
  let retried = 0;
  let from: Place | undefined;
  do {
    const { notices, next } = await store.list({ queue: 'held', limit: pageSize, from });
    for (const { reference } of notices.filter((notice) => stateOf(notice) === 'refused')) {
      if (remainingMs() < reservedMs) return { retried, more: true };
      let isRetried = false;
      await store.change(reference, (seen) => {
        const isOld = seen.hold !== undefined && seen.hold.at <= begunAt;
        const resolved = isOld ? resolve(seen, 'retry', { now: now() }) : undefined;
        isRetried = resolved !== undefined;
        return resolved ?? seen;
      });
      if (isRetried) retried++;
    }
    from = next;
  } while (from !== undefined);
  return { retried, more: false };
};

/**
 * Changes the text of a notice, given the id of its newest message.
 * @returns the notice; undefined if the message belongs to no notice or is not the newest one, so that it has to be
 * changed in Brevo directly
 * @throws {Problem} conflict while its visitor is being erased
 */
export const overrideOwn = async (
  deps: Operation & Pick<Deps, 'config'>,
  messageId: string,
  text: string,
): Promise<Notice | undefined> => {
  const { store } = deps;
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  let isNewest = false;
  const notice = await store.change(reference, (seen) => {
    refuseLate(deps);
    const rewritten = overrideMessage(notErasing(seen), messageId, text, newsOf(deps));
    isNewest = rewritten !== undefined;
    return rewritten ?? seen;
  });
  return isNewest ? notice : undefined;
};

/**
 * Removes one message from its notice.
 *
 * A message that the notice does not know may be the one that is being posted, or one that was just deleted. Before a
 * deletion is settled, the message's pointer is removed. So the pointer is read after the notice: if it is still there, the
 * message was not deleted when the notice was read.
 * @returns the notice; undefined if the message belongs to no notice
 */
export const removeOwn = async (operation: Operation, messageId: string): Promise<Notice | undefined> => {
  const { store, now } = operation;
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  const read = await store.read(reference);
  if ((await store.ownerOf(messageId)) === undefined) return undefined;
  let isUncertain = false;
  const notice = await store.change(
    reference,
    (seen) => {
      refuseLate(operation);
      isUncertain = seen.version !== read.version && isGone(seen, messageId);
      return isUncertain ? seen : removeMessage(seen, messageId, now());
    },
    read,
  );
  return isUncertain ? removeOwn(operation, messageId) : notice;
};

/** Whether the message no longer belongs to the notice. */
export const isGone = ({ messages }: Notice, messageId: string): boolean =>
  !messages.some(({ id }) => id === messageId);
