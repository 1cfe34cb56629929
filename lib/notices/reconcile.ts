import { type BrevoClient, type BrevoOperation, brevoTimeoutMs } from '../brevo/client.ts';
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
import { type Claimed, claim, giveBack, type Lease, type Moment, type Outcome, settle } from './lease.ts';
import type { Notice, Step } from './notice.ts';
import { logOutcome, type Made, reportExpired, reportOutcome } from './outcomes.ts';
import type { NoticeStore } from './store.ts';

/** What a function needs to deliver notices to the chat. It is shared by all invocations. */
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
  /** A unique id. */
  newId: () => string;
  /** Waits for this many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
}

/** The bridge during one invocation. */
export interface Worker extends Bridge {
  /** A lease of this worker, which outlasts the invocation. */
  lease: () => Lease;
  /** Whether there is enough time for another call to Brevo. */
  hasTime: () => boolean;
  /** Whether there is enough time to try a failed write again. */
  mayRetry: () => boolean;
}

/** Longer than any function runs. If a lease has run out, its holder has stopped. Milliseconds. */
const leaseMs = 90_000;

/** Time reserved after a call to Brevo, to store its outcome. Milliseconds. */
const settlingMs = 8_000;

/** Time that a last write may take. Milliseconds. */
const lastWriteMs = 1_500;

/** The bridge during an invocation that ends in `remainingMs()` milliseconds. */
export const atWork = <Connected extends Bridge>(
  bridge: Connected,
  remainingMs: () => number,
): Connected & Worker => {
  const id = bridge.newId();
  return {
    ...bridge,
    lease: () => ({ id, until: bridge.now() + leaseMs }),
    hasTime: () => remainingMs() > brevoTimeoutMs + settlingMs,
    mayRetry: () => remainingMs() > lastWriteMs,
  };
};

const operationNames = { post: 'post', edit: 'update', delete: 'delete' } as const;

/** The Brevo operation of a step. */
export const operationFor = ({ pushedMessages }: BrevoClient, { kind }: Step): { operation: string } =>
  pushedMessages[operationNames[kind]];

/**
 * Makes the one request of a step. Errors of the network or of Brevo become outcomes and are never thrown. `reported`
 * resolves once the budget is updated.
 * @returns undefined if no request is free
 */
const carryOut = async (
  { brevo, now, config: { definiteStatuses } }: Worker,
  { step, call }: Claimed,
  options: RequestOptions,
): Promise<{ outcome: Outcome; reported: Promise<void> } | undefined> => {
  /** A function that was frozen and thawed must not act on a lease that another worker has taken over. */
  const inTime = <Input extends unknown[], Body>(send: BrevoOperation<Input, Body>) =>
    Object.assign(
      async (...input: Input) => {
        if (now() > call.until - brevoTimeoutMs) throw new Error('the function was frozen before the call');
        return send(...input);
      },
      { operation: send.operation },
    );
  const judged = <Body>(exchange: Exchange<Body>, answered: (body: Body) => Outcome) => {
    if (exchange.kind === 'out-of-budget') return undefined;
    const { reported } = exchange;
    return exchange.kind === 'answered'
      ? { outcome: answered(exchange.body), reported }
      : { outcome: outcomeOf(exchange.error, step, definiteStatuses), reported };
  };
  const { post, update, delete: remove } = brevo.operations.pushedMessages;
  switch (step.kind) {
    case 'post': {
      const { kind: _, ...message } = step;
      const exchange = await brevo.request(inTime(post), [message], options);
      return judged(exchange, ({ id }) => ({ kind: 'posted', messageId: id }));
    }
    case 'edit': {
      const exchange = await brevo.request(inTime(update), [step.messageId, step.text], options);
      return judged(exchange, () => ({ kind: 'edited' }));
    }
    case 'delete': {
      const exchange = await brevo.request(inTime(remove), [step.messageId], options);
      return judged(exchange, () => ({ kind: 'deleted' }));
    }
  }
};

/** The only place that decides whether a failed call had an effect, and whether to retry it. */
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
  if (error instanceof ServerError && error.status >= 500 && !definiteStatuses.includes(error.status))
    return { kind: 'unknown', reason };
  // In all other cases Brevo did nothing: no connection was made, the key is unavailable, or a redirect came instead.
  return { kind: 'no-effect', reason, isBusy: false };
};

/** A notice after reconciling. */
export interface Reconciled {
  notice: Notice;
  /** The next step waits for the budget, so every other notice would have to wait too. */
  isOutOfBudget: boolean;
}

/**
 * Makes the chat match a notice. Each round claims the notice, takes a request from the budget, calls Brevo and
 * settles the outcome. It continues while there is a next step and enough time.
 * @param options.arrival whether a new event is the cause; it then queues behind the notices that already wait
 * @param options.lane the share of the budget to use: a caller of the HTTP API, who waits for the response, has a
 * share of its own
 */
export const reconcile = async (
  worker: Worker,
  seen: Notice,
  { lane = 'messages', ...options }: { arrival?: boolean; lane?: 'messages' | 'http' } = {},
): Promise<Reconciled> => {
  let notice = seen;
  while (worker.hasTime()) {
    const begun = await begin(worker, notice);
    notice = begun.notice;
    if (begun.claimed === undefined) return { notice, isOutOfBudget: false };
    const done = await carryOut(worker, begun.claimed, { lane, ...options });
    if (done === undefined) return { notice: await release(worker, notice), isOutOfBudget: true };
    notice = await finish(worker, { notice, ...begun.claimed }, done.outcome);
    await done.reported;
  }
  return { notice: await release(worker, notice), isOutOfBudget: false };
};

/** As `reconcile`. A notice that cannot be reconciled is logged, so that it does not stop the others. */
export const tryReconcile = async (
  worker: Worker,
  ...reconciling: [Notice, { arrival: true }?]
): Promise<Reconciled> => {
  try {
    return await reconcile(worker, ...reconciling);
  } catch (error) {
    const [notice] = reconciling;
    worker.logger.error(messages.notReconciled, { reference: notice.reference, reason: String(error) });
    return { notice, isOutOfBudget: false };
  }
};

const momentOf = ({ now, random, config: { onUnknownOutcome } }: Worker): Moment => ({
  now: now(),
  random,
  onUnknownOutcome,
});

/**
 * Repeats a write until it succeeds or no time is left. A failure of the table must not turn into an unknown outcome of
 * Brevo: a lease that was taken although the write failed, or an outcome that is not stored, would look like one.
 */
export const persist = async <Written>(worker: Worker, write: () => Promise<Written>): Promise<Written> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!worker.mayRetry()) throw error;
      await worker.pause(worker.random() * Math.min(1_000, 50 * 2 ** attempt));
    }
  }
};

const release = async (worker: Worker, notice: Notice): Promise<Notice> => {
  const { id } = worker.lease();
  return persist(worker, () =>
    worker.store.change(notice.reference, (current) => giveBack(current, id), notice),
  );
};

const begin = async (worker: Worker, seen: Notice): Promise<ReturnType<typeof claim>> => {
  const { store, logger, lease } = worker;
  let claimed: Claimed | undefined;
  const notice = await persist(worker, () =>
    store.change(
      seen.reference,
      (current) => {
        const taken = claim(current, lease(), momentOf(worker));
        claimed = taken.claimed;
        return taken.notice;
      },
      seen,
    ),
  );
  const { reference, revision, hold } = notice;
  if (hold?.kind === 'expired' && seen.hold === undefined) await reportExpired(worker, notice);
  if (claimed === undefined) return { notice };
  logger.debug(messages.claimed, { reference, revision, step: claimed.step.kind });
  return { notice, claimed };
};

const finish = async (worker: Worker, claimed: Made, outcome: Outcome): Promise<Notice> => {
  const { store } = worker;
  const { notice: before, call } = claimed;
  logOutcome(worker, claimed, outcome);
  await persist(worker, () => keepPointers(store, claimed, outcome));
  // The same each time, so that a write whose answer was lost is recognised.
  const moment = momentOf(worker);
  let isHeld = true;
  const notice = await persist(worker, () =>
    store.change(
      before.reference,
      (current) => {
        isHeld = current.call?.lease === call.lease;
        return settle(current, call, outcome, moment);
      },
      before,
    ),
  );
  await reportOutcome(worker, claimed, outcome, { isHeld, notice });
  return notice;
};

/**
 * Writes the pointer from a message to its notice before the notice is settled, and removes the pointer of a deleted
 * message.
 */
const keepPointers = async (
  store: NoticeStore,
  { notice: { reference }, step }: { notice: Notice; step: Step },
  outcome: Outcome,
): Promise<void> => {
  if (outcome.kind === 'posted') return store.pointTo(outcome.messageId, reference);
  const isGone = outcome.kind === 'deleted' || outcome.kind === 'missing';
  if (isGone && step.kind !== 'post') return store.forget(step.messageId);
};
