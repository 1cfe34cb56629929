import type { Desired } from '../../lib/notices/notice.ts';
import { contentOf, precedenceOf } from '../../lib/notices/precedence.ts';
import type { Incoming } from '../../lib/notices/record.ts';
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
