import { operationOf } from '../notices/call-brevo.ts';
import { dueAt } from '../notices/deliver.ts';
import { type Notice, nextStep, stateOf } from '../notices/notice.ts';
import type { Reconciled, Worker } from '../notices/reconcile.ts';
import type { Reply } from './http-handler.ts';
import { noticeView } from './notice-view.ts';
import { Problem } from './problem.ts';
import { retryAfter } from './retry-after.ts';

/** What waits is looked at each minute. */
const soonSeconds = 60;

type Deps = Pick<Worker, 'budget' | 'now'>;

/**
 * The notice as it was left: 200 where nothing is left to be done, 202 where something waits.
 * @throws {Problem} when Brevo refused what was asked for
 */
export const noticeReply = async (deps: Deps, reconciled: Reconciled): Promise<Reply> => {
  const { notice } = reconciled;
  switch (stateOf(notice)) {
    case 'settled':
    case 'expired':
    case 'unaddressed':
      return { status: 200, body: noticeView(notice) };
    case 'pending':
      return {
        status: 202,
        body: noticeView(notice),
        headers: retryAfter(await secondsToWait(deps, reconciled)),
      };
    case 'sending':
    case 'unknown':
      return { status: 202, body: noticeView(notice), headers: retryAfter(soonSeconds) };
    case 'refused': {
      const { reference, refusal } = notice;
      const detail = `Brevo refused it: ${refusal?.reason}. The notice is held until it is changed, withdrawn or resolved`;
      throw new Problem('brevo-failed', { detail, reference });
    }
  }
};

/**
 * The message that stands for the notice, if what was asked for is done, else the notice.
 * @param status of the answer with the message
 * @throws {Problem} when Brevo refused what was asked for
 */
export const messageReply = async (deps: Deps, reconciled: Reconciled, status: 200 | 201): Promise<Reply> => {
  const { notice } = reconciled;
  const message = standingMessage(notice);
  if (message === undefined) return noticeReply(deps, reconciled);
  const headers = status === 201 ? { location: `/pushed-messages/${encodeURIComponent(message.id)}` } : {};
  return { status, body: message, headers };
};

const standingMessage = ({ reference, visitorId, desired, observed }: Notice) => {
  if (desired?.text === undefined || observed?.messageId === undefined || observed.text !== desired.text)
    return undefined;
  const { agentId } = desired;
  return {
    id: observed.messageId,
    text: observed.text,
    isPushed: true,
    ...(visitorId === undefined ? {} : { visitorId }),
    ...(agentId === undefined ? {} : { agentId }),
    reference,
  };
};

const secondsToWait = async (
  { budget, now }: Deps,
  { notice, isOutOfBudget }: Reconciled,
): Promise<number> => {
  const step = nextStep(notice);
  const budgeted =
    isOutOfBudget && step !== undefined ? await budget.secondsUntilFree('messages', operationOf(step)) : 0;
  return Math.max(soonSeconds, budgeted, (dueAt(notice) - now()) / 1000);
};
