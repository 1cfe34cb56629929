import type { BrevoClient } from '../brevo/client.ts';
import {
  BrevoError,
  NotFound,
  NotSent,
  OutcomeUnknown,
  RateLimited,
  RequestRefused,
  ServerError,
  Unauthorised,
} from '../brevo/errors.ts';
import type { RateLimit } from '../brevo/rate-limit.ts';
import type { Report } from '../budget/budget-store.ts';
import { InvalidInput } from '../runtime/parse.ts';
import type { Outcome } from './lease.ts';
import type { Step } from './notice.ts';

/** The operation of Brevo's that carries a step out, as the budget counts it. */
export const operationOf = ({ kind }: Step): string => {
  switch (kind) {
    case 'post':
      return 'POST /conversations/pushedMessages';
    case 'edit':
      return 'PUT /conversations/pushedMessages';
    case 'delete':
      return 'DELETE /conversations/pushedMessages';
  }
};

/**
 * Carries a step out with one request, and says what came of it, and what that means for the budget. What the network
 * or Brevo does is never thrown.
 * @param definiteStatuses answers of 500 and above that are taken to have had no effect
 */
export const callBrevo = async (
  { pushedMessages }: BrevoClient,
  step: Step,
  definiteStatuses: readonly number[],
): Promise<{ outcome: Outcome; report?: Report }> => {
  const well = (outcome: Outcome, rateLimit: RateLimit) => ({ outcome, report: { rateLimit } });
  try {
    switch (step.kind) {
      case 'post': {
        const { kind: _, replaces: __, ...message } = step;
        const { body, rateLimit } = await pushedMessages.post(message);
        return well({ kind: 'posted', messageId: body.id }, rateLimit);
      }
      case 'edit':
        return well({ kind: 'edited' }, (await pushedMessages.update(step.messageId, step.text)).rateLimit);
      case 'delete':
        return well({ kind: 'deleted' }, (await pushedMessages.delete(step.messageId)).rateLimit);
    }
  } catch (error) {
    const outcome = outcomeOf(error, step, definiteStatuses);
    // What is no error of Brevo's never came to a call, and says nothing about Brevo.
    return error instanceof BrevoError ? { outcome, report: reportOf(error) } : { outcome };
  }
};

/** The one place that judges whether a failed call had an effect, and whether another try is of use. */
const outcomeOf = (error: unknown, step: Step, definiteStatuses: readonly number[]): Outcome => {
  if (!(error instanceof Error)) throw error;
  const reason = error.message;
  if (error instanceof NotFound) {
    if (step.kind === 'post') return { kind: 'refused', reason };
    return { kind: step.kind === 'edit' ? 'missing' : 'deleted' };
  }
  if (error instanceof RequestRefused || error instanceof InvalidInput) return { kind: 'refused', reason };
  if (error instanceof RateLimited || error instanceof Unauthorised) {
    return { kind: 'no-effect', reason, isBusy: true };
  }
  if (error instanceof OutcomeUnknown) return { kind: 'unknown', reason };
  if (error instanceof ServerError && !definiteStatuses.includes(error.status))
    return { kind: 'unknown', reason };
  // Whatever else goes wrong does so before the request leaves: no connection is made, or there is no key to be had.
  return { kind: 'no-effect', reason, isBusy: false };
};

/** What a failed call says about Brevo. */
export const reportOf = (error: BrevoError): Report => {
  const { rateLimit } = error;
  if (error instanceof RateLimited) return { rateLimit, fault: 'rate-limited' };
  if (error instanceof Unauthorised) return { rateLimit, fault: 'unauthorised' };
  const isFailing =
    error instanceof ServerError || error instanceof OutcomeUnknown || error instanceof NotSent;
  return isFailing ? { rateLimit, fault: 'unavailable' } : { rateLimit };
};
