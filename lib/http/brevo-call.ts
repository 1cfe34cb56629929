import type { BrevoOperation } from '../brevo/client.ts';
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
import type { MeteredClient } from '../budget/metered-client.ts';
import { Problem, retryAfter } from './contract/problem.ts';

/**
 * Makes one request to Brevo for a caller of the HTTP API, from the share of the budget that is reserved for the API.
 * @returns the body of Brevo's answer
 * @throws {Problem} if no request is free, or if the call fails
 */
export const callBrevo = async <Input extends unknown[], Body>(
  { brevo }: { brevo: MeteredClient },
  operation: BrevoOperation<Input, Body>,
  ...input: Input
): Promise<Body> => {
  const exchange = await brevo.request(operation, input, { lane: 'http' });
  if (exchange.kind === 'out-of-budget') {
    const detail =
      'All requests that Brevo allows at the moment are used or reserved for agent presence; nothing was done';
    const headers = retryAfter(await brevo.secondsUntilFree('http', operation));
    throw new Problem('out-of-budget', { detail }, headers);
  }
  await exchange.reported;
  if (exchange.kind === 'answered') return exchange.body;
  const { error } = exchange;
  throw error instanceof BrevoError ? problemOf(error) : error;
};

const soonSeconds = 60;

/** The problem to report to the caller for a failed call to Brevo. */
const problemOf = (error: BrevoError): Error => {
  // A new message has no address that could be unknown: the request names an agent or a visitor that Brevo lacks.
  if (error instanceof RequestRefused || (error instanceof NotFound && error.method === 'POST'))
    return new Problem('brevo-refused', {
      detail: 'Brevo refused the request; nothing was done',
      brevo: saidBy(error),
    });
  if (error instanceof NotFound)
    return new Problem('not-found', {
      detail: 'Brevo has no such message, or it was deleted',
      brevo: saidBy(error),
    });
  if (error instanceof RateLimited) {
    const detail = 'Brevo’s request limit is reached; nothing was done';
    return new Problem('out-of-budget', { detail }, retryAfter(error.rateLimit.resetSeconds ?? soonSeconds));
  }
  if (error instanceof Unauthorised) {
    const detail = 'Brevo denied access; nothing was done';
    return new Problem('brevo-failed', { detail, brevo: saidBy(error) });
  }
  if (error instanceof ServerError) {
    const isRedirect = error.status < 400;
    const detail = isRedirect
      ? 'Brevo’s address answered with a redirect; nothing was done'
      : 'Brevo failed; the outcome is unknown';
    return new Problem('brevo-failed', { detail, brevo: saidBy(error) });
  }
  if (error instanceof NotSent)
    return new Problem('brevo-failed', { detail: 'Could not connect to Brevo; nothing was done' });
  if (error instanceof OutcomeUnknown)
    return new Problem('brevo-silent', { detail: 'Brevo did not answer; the outcome is unknown' });
  return error;
};

const saidBy = ({ status, code, brevoMessage }: NotFound | Unauthorised | RequestRefused | ServerError) => ({
  status,
  ...(code === undefined ? {} : { code }),
  ...(brevoMessage === undefined ? {} : { message: brevoMessage }),
});
