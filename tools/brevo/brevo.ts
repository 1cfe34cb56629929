import type { Request } from './answer.ts';
import type { Keys } from './authenticate.ts';
import { control, isControl } from './control.ts';
import { type Exchange, receive } from './receive.ts';
import { type Account, createState, restoreSnapshot, type Snapshot, takeSnapshot } from './state.ts';

export interface BrevoOptions extends Account, Keys {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A number in [0, 1): ids, random agents and the length of presence are drawn from it. */
  readonly random: () => number;
  /** Called after each request that may have changed what a snapshot holds. */
  readonly onChange?: () => void;
}

/** The simulated Brevo without a socket: a server or an in-process fetch carries its requests and waits its delays. */
export interface Brevo {
  readonly handle: (request: Request) => Exchange;
  readonly snapshot: () => Snapshot;
  /** @throws ZodError when it is no snapshot */
  readonly restore: (saved: unknown) => void;
}

/** Brevo's Conversations API under `/v3` and the control API under `/control`. It does nothing on its own: no timer, no I/O. */
export function createBrevo(options: BrevoOptions): Brevo {
  const { now, random, onChange = () => {} } = options;
  let state = createState(options);
  const reset = () => {
    state = createState(options);
  };

  function handle(request: Request): Exchange {
    if (!isControl(request)) return receive(request, { state, now, random, keys: options, onChange });
    const answer = control(request, { state, at: now(), random, reset });
    if (request.method !== 'GET') onChange();
    return { delayMs: 0, complete: () => answer };
  }

  return {
    handle,
    snapshot: () => takeSnapshot(state),
    restore: (saved) => restoreSnapshot(state, saved),
  };
}
