/** How a request to the API is taken, and how faults disturb that. */
import { authenticate, countRequest, type Keys, limitHeaders } from './admission.ts';
import { type Answer, attempt, jsonAnswer, Refusal, type Request, refusalAnswer } from './answer.ts';
import { type Fault, takeFault } from './faults.ts';
import { findRoute, type Route } from './operations.ts';
import type { RequestRecord, State } from './state.ts';

/** The account a request goes to, and what the simulation lives on. */
export interface Receiver {
  readonly state: State;
  readonly now: () => number;
  readonly random: () => number;
  readonly keys: Keys;
  readonly onChange: () => void;
}

/** How a request ends. Whoever carries it calls `complete` once, after `delayMs`, even if the caller has given up by then. */
export interface Exchange {
  readonly delayMs: number;
  /** The answer, or null when the connection is to be dropped without one. */
  readonly complete: () => Answer | null;
}

/**
 * Takes a request to the API: records it, lets it in or not, does what it asks, and disturbs all that as a fault says.
 * Authentication and the limit are decided on arrival; with a `late` fault the operation itself is done on completion.
 */
export const receive = (received: Request, receiver: Receiver): Exchange => {
  const { state, now, onChange } = receiver;
  const request = { ...received, path: received.path.replace(/\?.*/s, '') };
  const route = findRoute(request);
  const fault = takeFault(state.faults, request);
  const record = recordRequest(request, fault, receiver);
  if (fault?.kind === 'reset-before') return { delayMs: fault.delayMs, complete: () => null };

  const refusal = admit(request, route, receiver);
  const headers = state.switches.rateLimitHeaders
    ? limitHeaders({ ...state, endpoint: route.endpoint, at: now() })
    : {};

  const answer = (): Answer => {
    const plain = refusal ? refusalAnswer(refusal, state.switches.errorBody) : perform();
    const sent = fault?.kind === 'status-after' ? disturbed(fault) : plain;
    record.status = fault?.kind === 'reset-after' ? null : sent.status;
    onChange();
    return { ...sent, headers: { ...headers, ...sent.headers } };
  };

  const perform = (): Answer => {
    if (fault?.kind === 'status') return disturbed(fault);
    const done = attempt(() => route.operation({ ...receiver, at: now(), request, id: route.id }));
    if (done instanceof Refusal) return refusalAnswer(done, state.switches.errorBody);
    record.changed = done.changed;
    record.target = done.target;
    return done.answer;
  };

  if (fault?.kind === 'late') return { delayMs: fault.delayMs, complete: answer };
  const ready = answer();
  return {
    delayMs: fault?.delayMs ?? 0,
    complete: () => (fault?.kind === 'reset-after' ? null : ready),
  };
};

/** A request without a right key belongs to no account and counts for none; nor does one beyond the limit. */
const admit = (request: Request, route: Route, { state, now, keys }: Receiver): Refusal | undefined => {
  const refusal = attempt(() => authenticate(request.headers, keys, state.switches.ipRestricted));
  if (refusal instanceof Refusal) return refusal;
  if (countRequest({ ...state, endpoint: route.endpoint, at: now() })) return undefined;
  // Brevo documents neither code nor text for 429.
  return new Refusal(429, undefined, 'the rate limit is exceeded');
};

const recordRequest = (
  { method, path }: Request,
  fault: Fault | undefined,
  { state, now }: Receiver,
): RequestRecord => {
  const record: RequestRecord = {
    time: now(),
    method,
    path,
    status: null,
    changed: null,
    target: null,
    fault: fault?.kind ?? null,
  };
  state.requests.push(record);
  if (state.requests.length > 100_000) state.requests.shift();
  return record;
};

const disturbed = ({ status, headers, body }: Extract<Fault, { headers: unknown }>): Answer => {
  const usual =
    status < 400
      ? { status, headers: {}, body: '' }
      : jsonAnswer(status, { message: `this request was chosen to fail with ${status}` });
  return body === undefined
    ? { ...usual, headers: { ...usual.headers, ...headers } }
    : { status, headers, body };
};
