import type { BrevoClient } from '../brevo/client.ts';
import {
  NotFound,
  OutcomeUnknown,
  RateLimited,
  RequestRefused,
  ServerError,
  Unauthorised,
} from '../brevo/errors.ts';
import type { Exchange, MeteredClient, RequestOptions } from '../budget/metered-client.ts';
import { InvalidInput } from '../runtime/parse.ts';
import type { Outcome } from './lease.ts';
import type { Step } from './notice.ts';

/** The operation of Brevo's that carries a step out. */
export const operationFor = ({ pushedMessages }: BrevoClient, { kind }: Step): { operation: string } => {
  switch (kind) {
    case 'post':
      return pushedMessages.post;
    case 'edit':
      return pushedMessages.update;
    case 'delete':
      return pushedMessages.delete;
  }
};

/** A step that was carried out, and what came of it. `reported` is the exchange's. */
export interface CarriedOut {
  outcome: Outcome;
  reported: Promise<void>;
}

/**
 * Carries a step out with one request. What the network or Brevo does is never thrown.
 * @param definiteStatuses answers of 500 and above that are taken to have had no effect
 * @returns undefined where no request is free
 */
export const carryOut = async (
  brevo: MeteredClient,
  step: Step,
  { definiteStatuses, ...options }: RequestOptions & { definiteStatuses: readonly number[] },
): Promise<CarriedOut | undefined> => {
  const { pushedMessages } = brevo.operations;
  const judged = <Body>(exchange: Exchange<Body>, answered: (body: Body) => Outcome) => {
    if (exchange.kind === 'out-of-budget') return undefined;
    const { reported } = exchange;
    const outcome =
      exchange.kind === 'answered'
        ? answered(exchange.body)
        : outcomeOf(exchange.error, step, definiteStatuses);
    return { outcome, reported };
  };
  switch (step.kind) {
    case 'post': {
      const { kind: _, replaces: __, ...message } = step;
      const exchange = await brevo.request(pushedMessages.post, [message], options);
      return judged(exchange, ({ id }) => ({ kind: 'posted', messageId: id }));
    }
    case 'edit': {
      const exchange = await brevo.request(pushedMessages.update, [step.messageId, step.text], options);
      return judged(exchange, () => ({ kind: 'edited' }));
    }
    case 'delete': {
      const exchange = await brevo.request(pushedMessages.delete, [step.messageId], options);
      return judged(exchange, () => ({ kind: 'deleted' }));
    }
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
