import { createHash } from 'node:crypto';
import type { Notice } from '../notices/notice.ts';
import { overrideMessage, type Resolution, removeMessage, resolve } from '../notices/override.ts';
import type { Bridge } from '../notices/reconcile.ts';
import { type Incoming, record } from '../notices/record.ts';
import { incomingText } from '../orders/map-event.ts';
import { Problem } from './contract/problem.ts';

/**
 * The notice, if there is one.
 * @throws {Problem} not-found for a reference that nothing was stored under
 */
export const known = (notice: Notice): Notice => {
  if (notice.version > 0) return notice;
  throw new Problem('not-found', { detail: `There is no notice ${notice.reference}` });
};

/**
 * The notice, if it may be changed.
 * @throws {Problem} not-found; conflict while its visitor is being erased
 */
export const changeable = (notice: Notice): Notice => {
  const { reference, erasing } = known(notice);
  if (erasing !== true) return notice;
  throw new Problem('conflict', { detail: `The visitor of ${reference} is being erased`, reference });
};

/** The moment of a desired state that is made now, and how long it may be posted. Milliseconds since 1970. */
export const newsOf = ({ now, config }: Pick<Bridge, 'now' | 'config'>) => {
  const moment = now();
  return { now: moment, postBy: moment + config.freshnessHours * 3_600_000 };
};

/** What a caller wants to have sent, once, however often it is asked for under the same reference or key. */
export interface Asked {
  visitorId: string;
  text: string;
  agentId?: string | undefined;
  groupId?: string | undefined;
  reference?: string | undefined;
  /** Of the header `Idempotency-Key`. */
  key?: string | undefined;
}

type Deps = Pick<Bridge, 'store' | 'now' | 'newId' | 'config'>;

/**
 * Stores what is asked for in a notice of its own, unless it was asked for before.
 * @throws {Problem} when the reference or key stands for something else
 */
export const askFor = async (deps: Deps, asked: Asked): Promise<Notice> => {
  const wanted = incomingOf(deps, asked);
  const notice = await deps.store.change(wanted.reference, (seen) =>
    seen.desired === undefined ? record(seen, wanted, deps.now()).notice : seen,
  );
  if (isSameRequest(notice, wanted)) return notice;
  const named = asked.reference === undefined ? 'The Idempotency-Key' : `The reference ${asked.reference}`;
  const detail = `${named} was used for something else; to change what is sent, PUT /notices/{reference}`;
  throw new Problem('conflict', { detail, reference: wanted.reference });
};

/** A notice that an event made is the same request if it says the same to the same visitor. */
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
 * Takes an operator's answer for a notice that is held.
 * @param path the reference and `/resolve`: the route takes all that follows `/notices/`, slashes included
 * @param answer.messageId the message that was found, for `sent`
 * @throws {Problem} not-found; conflict where the notice is not held for what the answer is about
 */
export const answerFor = async (
  { store, now }: Pick<Bridge, 'store' | 'now'>,
  path: string,
  { action, messageId }: { action: Resolution; messageId?: string | undefined },
): Promise<Notice> => {
  const reference = heldReference(path);
  const found = messageId === undefined ? {} : { messageId };
  const notice = await store.change(reference, (seen) => {
    const resolved = resolve(changeable(seen), action, { now: now(), ...found });
    if (resolved !== undefined) return resolved;
    throw new Problem('conflict', {
      detail: `${reference} is not held for an answer such as ${action}`,
      reference,
    });
  });
  // After the notice, which alone decides whether the answer counts.
  if (messageId !== undefined) await store.pointTo(messageId, reference);
  return notice;
};

const heldReference = (path: string): string => {
  const suffix = '/resolve';
  if (path.endsWith(suffix) && path.length > suffix.length) return path.slice(0, -suffix.length);
  const allow = 'GET, PUT, DELETE';
  throw new Problem(
    'method-not-allowed',
    { detail: `A notice knows ${allow}, and POST at its /resolve` },
    { allow },
  );
};

/**
 * Has a notice say something else by the id of its newest message.
 * @returns the notice; nothing if the message is none's, or not the newest: then Brevo alone knows what it says
 */
export const overrideOwn = async (
  deps: Omit<Deps, 'newId'>,
  messageId: string,
  text: string,
): Promise<Notice | undefined> => {
  const { store } = deps;
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  let isNewest = false;
  const notice = await store.change(reference, (seen) => {
    const rewritten = overrideMessage(seen, messageId, text, newsOf(deps));
    isNewest = rewritten !== undefined;
    return rewritten ?? seen;
  });
  return isNewest ? notice : undefined;
};

/**
 * Has a notice give up one of its messages.
 * @returns the notice; nothing if the message is none's
 */
export const removeOwn = async (
  { store, now }: Pick<Deps, 'store' | 'now'>,
  messageId: string,
): Promise<Notice | undefined> => {
  const reference = await store.ownerOf(messageId);
  if (reference === undefined) return undefined;
  return store.change(reference, (seen) => removeMessage(seen, messageId, now()));
};

/** Whether the notice has nothing to do with the message any more. */
export const isGone = ({ messages, pendingDeletes }: Notice, messageId: string): boolean =>
  !messages.includes(messageId) && !pendingDeletes.includes(messageId);
