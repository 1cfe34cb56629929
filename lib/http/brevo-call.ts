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
 * One request to Brevo on somebody's behalf, from the share of the budget that is kept for the HTTP API.
 * @returns the body of Brevo's answer
 * @throws {Problem} when no request is free, or for what Brevo makes of it
 */
export const callBrevo = async <Input extends unknown[], Body>(
  { brevo }: { brevo: MeteredClient },
  operation: BrevoOperation<Input, Body>,
  ...input: Input
): Promise<Body> => {
  const exchange = await brevo.request(operation, input, { lane: 'http' });
  if (exchange.kind === 'out-of-budget') {
    const detail = 'Every request that Brevo allows for now is spent or kept for the agents';
    const headers = retryAfter(await brevo.secondsUntilFree('http', operation));
    throw new Problem('out-of-budget', { detail }, headers);
  }
  await exchange.reported;
  if (exchange.kind === 'answered') return exchange.body;
  const { error } = exchange;
  throw error instanceof BrevoError ? problemOf(error) : error;
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
