import type { BrevoClient } from '../brevo/client.ts';
import type { OutgoingEvent } from '../bus/publisher.ts';
import { type Logger, messages } from '../log.ts';
import { callBrevo } from './call-brevo.ts';
import { claim, giveBack, type Lease, type Outcome, settle } from './deliver.ts';
import { type Notice, type Step, stateOf } from './notice.ts';
import { eventOf, expiredEvent } from './outcome-events.ts';
import type { NoticeStore } from './store.ts';

/** Who reconciles, and with what. */
export interface Worker {
  store: NoticeStore;
  brevo: BrevoClient;
  publish: (events: OutgoingEvent[]) => Promise<void>;
  logger: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
  /** A lease of this worker's own, that outlasts it. */
  lease: () => Lease;
  /** Whether there is time for another whole call to Brevo. */
  hasTime: () => boolean;
}

/**
 * Makes the chat match a notice: one claim, one call to Brevo, one settling, again for as long as each brings it
 * closer and time is left.
 * @returns the notice as it stands then
 */
export const reconcile = async (worker: Worker, seen: Notice): Promise<Notice> => {
  let notice = seen;
  while (worker.hasTime()) {
    const claimed = await begin(worker, notice);
    if (claimed.step === undefined) return claimed.notice;
    const outcome = await callBrevo(worker.brevo, claimed.step);
    notice = await finish(worker, { ...claimed, step: claimed.step }, outcome);
    if (outcome.kind === 'not-applied' || outcome.kind === 'unknown') return notice;
  }
  const { id } = worker.lease();
  return worker.store.change(notice.reference, (current) => giveBack(current, id), notice);
};

const begin = async (worker: Worker, seen: Notice): Promise<{ notice: Notice; step?: Step | undefined }> => {
  const { store, logger, now, lease } = worker;
  let step: Step | undefined;
  const notice = await store.change(
    seen.reference,
    (current) => {
      const claimed = claim(current, lease(), now());
      step = claimed.step;
      return claimed.notice;
    },
    seen,
  );
  const { reference, revision } = notice;
  if (step !== undefined) logger.debug(messages.claimed, { reference, revision, step: step.kind });
  if (notice.expired && !seen.expired) {
    logger.warn(messages.expired, { reference, revision });
    await tell(worker, expiredEvent(notice, now()));
  }
  return { notice, step };
};

const finish = async (
  worker: Worker,
  claimed: { notice: Notice; step: Step },
  outcome: Outcome,
): Promise<Notice> => {
  const { store, logger, now } = worker;
  const { reference, revision } = claimed.notice;
  const facts = { reference, revision, step: claimed.step.kind, outcome: outcome.kind, ...factsOf(outcome) };
  if (outcome.kind === 'posted') await store.pointTo(outcome.messageId, reference);
  let held = true;
  const notice = await store.change(
    reference,
    (current) => {
      const settled = settle(current, claimed, outcome, now());
      held = settled !== undefined;
      return settled ?? current;
    },
    claimed.notice,
  );
  if (!held) logger.error(messages.leaseLost, facts);
  else if (outcome.kind === 'not-applied') logger.warn(messages.notTold, facts);
  else logger.info(messages.told, facts);
  const state = stateOf(notice);
  if (state === 'unknown' || state === 'failed') logger.error(messages.needsPerson, { ...facts, state });
  const event = eventOf(claimed.notice, claimed.step, outcome, now());
  if (event !== undefined) await tell(worker, event);
  return notice;
};

const factsOf = (outcome: Outcome): object => {
  if ('reason' in outcome) return { reason: outcome.reason };
  return 'messageId' in outcome ? { messageId: outcome.messageId } : {};
};

/** Others may want to know; the notice is the truth, so that a bus that is down holds nothing up. */
const tell = async ({ publish, logger }: Worker, event: OutgoingEvent): Promise<void> => {
  try {
    await publish([event]);
  } catch (error) {
    logger.warn(messages.notPublished, {
      type: event.type,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
};
