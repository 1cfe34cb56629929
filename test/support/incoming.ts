import {
  type Claimed,
  claim,
  type Lease,
  type Moment,
  type OnUnknownOutcome,
  type Outcome,
  settle,
} from '../../lib/notices/lease.ts';
import type { Desired, Notice } from '../../lib/notices/notice.ts';
import { contentOf, precedenceOf } from '../../lib/notices/precedence.ts';
import { type Incoming, record } from '../../lib/notices/record.ts';
import { type OrderStatus, orderStatuses } from '../../lib/texts/order-status.ts';

/** Some noon; tests count in milliseconds from here. */
export const noon = Date.UTC(2026, 2, 2, 12);

interface IncomingOrder {
  status?: OrderStatus;
  text?: string;
  /** Milliseconds after noon. */
  at?: number;
  policy?: Desired['policy'];
  visitorId?: string | undefined;
  reopens?: boolean;
  reference?: string;
  order?: string;
  postBy?: number;
  agentId?: string;
  priority?: number;
}

/** A desired state for an order, as an event would make it. */
export const incomingOrder = (given: IncomingOrder = {}): Incoming => {
  const { status = 'paid', at = 0, text = `${status} now`, policy = 'append', agentId } = given;
  const { reference = 'order:1001', visitorId = 'visitor-1', reopens = false, order } = given;
  const content = contentOf(text, agentId);
  const occurredAt = noon + at;
  return {
    reference,
    order,
    visitorId: 'visitorId' in given ? given.visitorId : visitorId,
    reopens,
    desired: {
      status,
      text,
      ...(agentId === undefined ? {} : { agentId }),
      policy,
      priority: given.priority ?? 2,
      occurredAt,
      postBy: noon + (given.postBy ?? 86_400_000),
      precedence: precedenceOf(orderStatuses.indexOf(status) + 1, occurredAt, content),
      content,
    },
  };
};

/** A desired state for a subject without statuses, where time alone counts. */
export const incomingTimed = (text: string, at: number, reference = 'newsletter'): Incoming => {
  const { desired, ...rest } = incomingOrder({ text, at, reference });
  return {
    ...rest,
    desired: { ...desired, status: '', precedence: precedenceOf(0, noon + at, desired.content) },
  };
};

/** The notice after it recorded another desired state at noon. */
export const recordOn = (notice: Notice, given: IncomingOrder = {}): Notice =>
  record(notice, incomingOrder(given), noon).notice;

/** The lease of the worker that a test watches. */
export const lease: Lease = { id: 'mine', until: noon + 60_000 };

/** A time, in milliseconds since 1970, and the settings at that time. */
export const momentAt = (now: number, onUnknownOutcome: OnUnknownOutcome = 'hold'): Moment => ({
  now,
  onUnknownOutcome,
  random: () => 0.5,
});

/** A notice whose worker is calling Brevo. */
export type Calling = Claimed & { notice: Notice };

/** The notice with its next call claimed. `now` in milliseconds since 1970. */
export const claimed = (notice: Notice, moment = momentAt(noon)): Calling => {
  const taken = claim(notice, lease, moment);
  if (taken.claimed === undefined) throw new Error('nothing to claim');
  return { notice: taken.notice, ...taken.claimed };
};

/** The notice after its next call had this outcome. */
export const called = (notice: Notice, outcome: Outcome): Notice => {
  const { notice: calling, call } = claimed(notice);
  return settle(calling, call, outcome, momentAt(noon + 1));
};

/** The notice after its next call posted this message. */
export const posted = (notice: Notice, messageId: string): Notice =>
  called(notice, { kind: 'posted', messageId });

/** Ids of the messages that stay in the chat, oldest first. */
export const keptIn = ({ messages }: Notice): (string | undefined)[] =>
  messages.flatMap(({ id, keep }) => (keep ? [id] : []));
