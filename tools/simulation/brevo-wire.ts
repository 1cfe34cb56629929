/** The way to the simulated Brevo and back, with all that can happen on it. */
import * as z from 'zod/mini';
import type { Limit } from '../brevo/admission.ts';
import type { Answer } from '../brevo/answer.ts';
import { type Brevo, createBrevo } from '../brevo/brevo.ts';
import { messageSchema } from '../brevo/state.ts';
import type { Clock } from './clock.ts';
import type { Gate, Reply, Worker } from './gate.ts';
import type { Random } from './random.ts';
import type { Trouble } from './trouble.ts';

/** A request that a function made, as the wire saw it. */
export interface Call {
  /** When it arrived, or would have. Milliseconds since 1970. */
  readonly at: number;
  readonly worker: Worker | undefined;
  readonly method: string;
  readonly path: string;
  readonly text: string | undefined;
  readonly visitorId: string | undefined;
  readonly trouble: Trouble;
  /** Its place in Brevo's own log; absent if it never arrived. */
  readonly logIndex: number | undefined;
  /** What the function heard; absent until it does. */
  heard?: { at: number; status: number | 'refused' | 'lost' };
}

const requestBody = z.object({ text: z.optional(z.string()), visitorId: z.optional(z.string()) });

const requestLog = z.array(
  z.object({
    time: z.number(),
    method: z.string(),
    path: z.string(),
    status: z.nullable(z.number()),
    changed: z.nullable(z.enum(['created', 'updated', 'deleted', 'pinged'])),
    target: z.nullable(z.string()),
    fault: z.nullable(z.string()),
  }),
);
export type LoggedRequest = z.output<typeof requestLog>[number];

export interface BrevoWireOptions {
  clock: Clock;
  gate: Gate;
  random: Random;
  limit: Limit;
  agents: readonly { id: string; name: string; email: string }[];
  apiKey: string;
  /** After so many milliseconds the client gives up; its own timer would count real time. */
  timeoutMs: number;
  troubleAt: (now: number) => Trouble;
}

/** The simulated Brevo with a `fetch` that leads to it. */
export const createBrevoWire = (options: BrevoWireOptions) => {
  const { clock, gate, random, limit, agents, apiKey, timeoutMs, troubleAt } = options;
  const brevo = createBrevo({ now: clock.now, random, limit, agents, apiKey });
  const calls: Call[] = [];
  let arrived = 0;

  const arrive = async (request: WireRequest, sentAt: number, worker: Worker | undefined) => {
    const trouble = troubleAt(clock.now());
    const { method, path } = request;
    const { text, visitorId } = requestBody.parse(JSON.parse(request.body || '{}'));
    const logIndex = trouble.isRefused ? undefined : arrived++;
    const call: Call = { at: clock.now(), worker, method, path, text, visitorId, trouble, logIndex };
    calls.push(call);
    const reply = trouble.isRefused
      ? refusal
      : exchange(request, { brevo, clock, trouble, givesUpAt: sentAt + timeoutMs });
    return noting(call, clock, reply);
  };

  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { pathname } = new URL(String(input));
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = typeof init.body === 'string' ? init.body : '';
    const request = { method: init.method ?? 'GET', path: pathname, headers, body };
    const sentAt = clock.now();
    const worker = gate.worker();
    return gate.pass(() => arrive(request, sentAt, worker));
  };

  return {
    fetch,
    calls,
    setLimit: (changed: Partial<Limit>): void => void control(brevo, 'POST /control/limit', changed),
    requests: (): LoggedRequest[] => requestLog.parse(control(brevo, 'GET /control/requests')),
    messages: () => z.array(messageSchema).parse(control(brevo, 'GET /control/messages')),
  };
};

interface WireRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Notes what the function hears, at the moment it hears it. */
const noting = (
  call: Call,
  clock: Clock,
  { afterMs, read }: Reply<Answer | 'refused' | 'lost'>,
): Reply<Response> => ({
  afterMs,
  read: () => {
    const answer = read();
    call.heard = { at: clock.now(), status: typeof answer === 'string' ? answer : answer.status };
    if (answer === 'refused') throw connectionRefused();
    if (answer === 'lost') throw call.trouble.fault?.kind.startsWith('reset') ? connectionLost() : timedOut();
    const { status, headers, body } = answer;
    return new Response(body === '' ? null : body, {
      status,
      headers: call.trouble.withoutHeaders ? withoutLimits(headers) : headers,
    });
  },
});

const refusal = { afterMs: 0, read: () => 'refused' as const };

const exchange = (
  request: WireRequest,
  { brevo, clock, trouble, givesUpAt }: { brevo: Brevo; clock: Clock; trouble: Trouble; givesUpAt: number },
): Reply<Answer | 'lost'> => {
  const { fault, isRevoked } = trouble;
  control(brevo, 'POST /control/faults', fault === undefined ? [] : [fault]);
  const headers = isRevoked ? { ...request.headers, 'api-key': 'revoked' } : request.headers;
  const { delayMs, complete } = brevo.handle({ ...request, headers });
  const patienceMs = givesUpAt - clock.now();
  if (delayMs < patienceMs) return { afterMs: delayMs, read: once(clock, delayMs, complete) };
  clock.after(delayMs, () => void complete());
  return { afterMs: patienceMs, read: () => 'lost' };
};

/** Brevo ends the exchange in its own time, even if nobody is there any more to read the answer. */
const once = (clock: Clock, delayMs: number, complete: () => Answer | null): (() => Answer | 'lost') => {
  let answer: Answer | 'lost' = 'lost';
  const finish = () => {
    answer = complete() ?? 'lost';
  };
  if (delayMs === 0) finish();
  else clock.after(delayMs, finish);
  return () => answer;
};

const control = (brevo: Brevo, route: string, body?: unknown): unknown => {
  const [method = '', path = ''] = route.split(' ');
  const request = { method, path, headers: {}, body: body === undefined ? '' : JSON.stringify(body) };
  const answer = brevo.handle(request).complete();
  if (answer === null || answer.status >= 400) throw new Error(`${route}: ${answer?.body}`);
  return answer.body === '' ? undefined : JSON.parse(answer.body);
};

const withoutLimits = (headers: Answer['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-sib-ratelimit-')));

const fetchFailed = (cause: Error): TypeError => new TypeError('fetch failed', { cause });

/** As Node's fetch rejects where nothing listens: the request never left. */
const connectionRefused = (): TypeError =>
  fetchFailed(
    Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      errno: -111,
    }),
  );

/** As Node's fetch rejects when the other side hangs up before it answers. */
const connectionLost = (): TypeError =>
  fetchFailed(Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }));

/** As `AbortSignal.timeout` aborts. */
const timedOut = (): DOMException =>
  new DOMException('The operation was aborted due to timeout', 'TimeoutError');
