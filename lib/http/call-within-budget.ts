import type { Answer } from '../brevo/client.ts';
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
import type { Report, RequestBudget } from '../budget/budget-store.ts';
import { reportOf } from '../notices/call-brevo.ts';
import { type Logger, messages } from '../runtime/log.ts';
import { Problem, retryAfter } from './contract/problem.ts';

interface Deps {
  budget: RequestBudget;
  logger: Logger;
}

/**
 * One request to Brevo on somebody's behalf, from the share of the budget that is kept for the HTTP API.
 * @param operation as the budget counts it, such as `GET /conversations/messages`
 * @returns the body of Brevo's answer
 * @throws {Problem} when no request is free, or for what Brevo makes of it
 */
export const callWithinBudget = async <Body>(
  { budget, logger }: Deps,
  operation: string,
  call: () => Promise<Answer<Body>>,
): Promise<Body> => {
  if (!(await budget.take('http', operation))) {
    const detail = 'Every request that Brevo allows for now is spent or kept for the agents';
    throw new Problem(
      'out-of-budget',
      { detail },
      retryAfter(await budget.secondsUntilFree('http', operation)),
    );
  }
  const report = async (said: Report): Promise<void> => {
    try {
      await budget.report(operation, said);
    } catch (error) {
      // The call is made, and its answer must not be lost over this.
      logger.warn(messages.notReported, { operation, reason: String(error) });
    }
  };
  try {
    const { body, rateLimit } = await call();
    await report({ rateLimit });
    return body;
  } catch (error) {
    if (!(error instanceof BrevoError)) throw error;
    await report(reportOf(error));
    throw problemOf(error);
  }
};

const soonSeconds = 60;

/** What a failed call to Brevo means for whoever asked for it. */
const problemOf = (error: BrevoError): Error => {
  if (error instanceof NotFound)
    return new Problem('not-found', {
      detail: 'Brevo knows no such message, or no longer',
      brevo: saidBy(error),
    });
  if (error instanceof RateLimited) {
    const detail = 'Brevo allows no more requests for now; nothing was done';
    return new Problem('out-of-budget', { detail }, retryAfter(error.rateLimit.resetSeconds ?? soonSeconds));
  }
  if (error instanceof Unauthorised) {
    const detail = 'Brevo does not let the bridge in; nothing was done';
    return new Problem('brevo-failed', { detail, brevo: saidBy(error) });
  }
  if (error instanceof RequestRefused)
    return new Problem('brevo-failed', {
      detail: 'Brevo refused it; nothing was done',
      brevo: saidBy(error),
    });
  if (error instanceof ServerError) {
    const detail = 'Brevo failed; whether it was done is not known';
    return new Problem('brevo-failed', { detail, brevo: saidBy(error) });
  }
  if (error instanceof NotSent)
    return new Problem('brevo-failed', { detail: 'No connection to Brevo could be made; nothing was done' });
  if (error instanceof OutcomeUnknown)
    return new Problem('brevo-silent', { detail: 'No answer came; whether it was done is not known' });
  return error;
};

const saidBy = ({ status, code, brevoMessage }: NotFound | Unauthorised | RequestRefused | ServerError) => ({
  status,
  ...(code === undefined ? {} : { code }),
  ...(brevoMessage === undefined ? {} : { message: brevoMessage }),
});
