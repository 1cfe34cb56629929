import { createHash } from 'node:crypto';
import type { NoticesService } from '../composition/http-services.ts';
import type { Notice } from '../notices/notice.ts';
import { type Incoming, record } from '../notices/record.ts';
import { incomingText } from '../orders/map-event.ts';
import { Problem } from './problem.ts';

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

type Deps = Pick<NoticesService, 'store' | 'now' | 'newId' | 'mapping'>;

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

const incomingOf = ({ now, newId, mapping: { config } }: Deps, asked: Asked): Incoming => {
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
