import { brevoTimeoutMs } from '../brevo/client.ts';
import type { RequestBudget } from '../budget/budget-store.ts';
import type { MeteredClient } from '../budget/metered-client.ts';
import type { OutgoingEvent } from '../bus/publisher.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Lease } from './lease.ts';
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
