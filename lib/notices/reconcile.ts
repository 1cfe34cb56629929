import { type BrevoClient, brevoTimeoutMs } from '../brevo/client.ts';
import {
  NotFound,
  OutcomeUnknown,
  RateLimited,
  RequestRefused,
  ServerError,
  Unauthorised,
} from '../brevo/errors.ts';
import type { RequestBudget } from '../budget/budget-store.ts';
import type { Exchange, MeteredClient, RequestOptions } from '../budget/metered-client.ts';
import type { OutgoingEvent } from '../bus/publisher.ts';
import type { Config } from '../config/config.ts';
import { type Logger, messages } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { InvalidInput } from '../runtime/parse.ts';
import { claim, giveBack, type Lease, type Moment, type Outcome, settle } from './lease.ts';
import type { Notice, Step } from './notice.ts';
import { reportExpired, reportOutcome } from './outcomes.ts';
import type { NoticeStore } from './store.ts';

/** All that takes a desired state to the chat, whichever invocation it is for. */
export interface Bridge {
  config: Config;
  store: NoticeStore;
  brevo: MeteredClient;
  budget: RequestBudget;
  publish: (events: OutgoingEvent[]) => Promise<void>;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to below 1. */
  random: () => number;
  /** An id that nobody else has. */
  newId: () => string;
}

/** The bridge at work for one invocation. */
export interface Worker extends Bridge {
  /** A lease of this worker's own, that outlasts it. */
  lease: () => Lease;
  /** Whether there is time for another whole call to Brevo. */
  hasTime: () => boolean;
}

/** Longer than any function runs, so that a lease that ran out means that its holder is gone. Milliseconds. */
const leaseMs = 90_000;

/** After a call to Brevo its outcome must still be written down. Milliseconds. */
const settlingMs = 8_000;

/** The bridge at work for an invocation that ends in `remainingMs()` milliseconds. */
export const atWork = <Connected extends Bridge>(
  bridge: Connected,
  remainingMs: () => number,
): Connected & Worker => {
  const id = bridge.newId();
  return {
    ...bridge,
    lease: () => ({ id, until: bridge.now() + leaseMs }),
    hasTime: () => remainingMs() > brevoTimeoutMs + settlingMs,
  };
};

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
interface CarriedOut {
  outcome: Outcome;
  reported: Promise<void>;
}

/**
 * Carries a step out with one request. What the network or Brevo does is never thrown.
 * @param definiteStatuses answers of 500 and above that are taken to have had no effect
 * @returns undefined where no request is free
 */
const carryOut = async (
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

/** How a notice was left. */
export interface Reconciled {
  notice: Notice;
  /** Its next step waits for the budget, and so would that of any other. */
  isOutOfBudget: boolean;
}

/**
 * Makes the chat match a notice: one claim, one request from the budget, one call to Brevo, one settling; again for as
 * long as each brings it closer and time is left.
 * @param options.arrival whether a new event asks for it, which queues up behind what waits already
 * @param options.lane whose share of the budget it takes: an operator who waits for the answer has one of their own
 */
export const reconcile = async (
  worker: Worker,
  seen: Notice,
  { lane = 'messages', ...options }: { arrival?: boolean; lane?: 'messages' | 'http' } = {},
): Promise<Reconciled> => {
  let notice = seen;
  while (worker.hasTime()) {
    const { notice: claimed, step } = await begin(worker, notice);
    notice = claimed;
    if (step === undefined) return { notice, isOutOfBudget: false };
    const { definiteStatuses } = worker.config;
    const done = await carryOut(worker.brevo, step, { lane, definiteStatuses, ...options });
    if (done === undefined) return { notice: await release(worker, notice), isOutOfBudget: true };
    notice = await finish(worker, { notice, step }, done.outcome);
    await done.reported;
  }
  return { notice: await release(worker, notice), isOutOfBudget: false };
};

const momentOf = ({ now, random, config: { onUnknownOutcome } }: Worker): Moment => ({
  now: now(),
  random,
  onUnknownOutcome,
});

const release = async ({ store, lease }: Worker, notice: Notice): Promise<Notice> => {
  const { id } = lease();
  return store.change(notice.reference, (current) => giveBack(current, id), notice);
};

const begin = async (worker: Worker, seen: Notice): Promise<{ notice: Notice; step?: Step | undefined }> => {
  const { store, logger, lease } = worker;
  let step: Step | undefined;
  const notice = await store.change(
    seen.reference,
    (current) => {
      const claimed = claim(current, lease(), momentOf(worker));
      step = claimed.step;
      return claimed.notice;
    },
    seen,
  );
  const { reference, revision } = notice;
  if (step !== undefined) logger.debug(messages.claimed, { reference, revision, step: step.kind });
  if (notice.expired && !seen.expired) await reportExpired(worker, notice);
  return { notice, step };
};

const finish = async (
  worker: Worker,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
): Promise<Notice> => {
  const { store } = worker;
  await keepPointers(store, claimed, outcome);
  let isHeld = true;
  const notice = await store.change(
    claimed.notice.reference,
    (current) => {
      const settled = settle(current, claimed, outcome, momentOf(worker));
      isHeld = settled !== undefined;
      return settled ?? current;
    },
    claimed.notice,
  );
  await reportOutcome(worker, claimed, outcome, { isHeld, notice });
  return notice;
};

/** A message leads to its notice before the notice is settled, and no more than it stands. */
const keepPointers = async (
  store: NoticeStore,
  { notice: { reference }, step }: { notice: Notice; step: Step },
  outcome: Outcome,
): Promise<void> => {
  if (outcome.kind === 'posted') return store.pointTo(outcome.messageId, reference);
  const isGone = outcome.kind === 'deleted' || outcome.kind === 'missing';
  if (isGone && step.kind !== 'post') return store.forget(step.messageId);
};
