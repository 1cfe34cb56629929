/** The simulated Brevo without a socket, and the control API that looks into it and arranges it. */
import * as z from 'zod/mini';
import { type Keys, limitSchema } from './admission.ts';
import { isOnline } from './agent.ts';
import {
  type Answer,
  attempt,
  jsonAnswer,
  parseJson,
  Refusal,
  type Request,
  refusalAnswer,
} from './answer.ts';
import { faultSchema, switchesSchema } from './faults.ts';
import { addMessage } from './operations.ts';
import { type Exchange, receive } from './receive.ts';
import {
  type Account,
  createState,
  restoreSnapshot,
  type Snapshot,
  type State,
  takeSnapshot,
} from './state.ts';

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
export const createBrevo = (options: BrevoOptions): Brevo => {
  const { now, random, onChange = () => {} } = options;
  let state = createState(options);
  const reset = () => {
    state = createState(options);
  };

  const handle = (request: Request): Exchange => {
    if (!isControl(request)) return receive(request, { state, now, random, keys: options, onChange });
    const answer = control(request, { state, at: now(), random, reset });
    if (request.method !== 'GET') onChange();
    return { delayMs: 0, complete: () => answer };
  };

  return {
    handle,
    snapshot: () => takeSnapshot(state),
    restore: (saved) => restoreSnapshot(state, saved),
  };
};

const visitorMessage = z.strictObject({
  visitorId: z.string().check(z.minLength(1)),
  text: z.string().check(z.minLength(1)),
});

/** Some of the settings; the others stay as they are. */
const settings = z.record(z.string(), z.unknown());

/** What the control API works on: the account, the time (epoch ms), and a way to start afresh. */
interface Controlled {
  readonly state: State;
  readonly at: number;
  readonly random: () => number;
  readonly reset: () => void;
}

/** Whether a request is for the control API. It needs no key, and is neither counted, recorded nor hit by faults. */
const isControl = ({ path }: Request): boolean => path === '/control' || path.startsWith('/control/');

/** Bad input is answered with 400 and the names of the fields. */
const control = (request: Request, controlled: Controlled): Answer => {
  const answer = attempt(() => obey(request, controlled));
  return answer instanceof Refusal ? refusalAnswer(answer, 'json') : answer;
};

const obey = (request: Request, { state, at, random, reset }: Controlled): Answer => {
  const [path = '', query = ''] = request.path.split('?');
  const body = parseJson(request.body);
  switch (`${request.method} ${path}`) {
    case 'GET /control/messages': {
      const visitorId = new URLSearchParams(query).get('visitorId');
      const messages = [...state.messages.values()];
      return jsonAnswer(
        200,
        messages.filter((message) => visitorId === null || message.visitorId === visitorId),
      );
    }
    case 'POST /control/messages': {
      const { visitorId, text } = read(visitorMessage, body);
      const fields = { kind: 'visitor', visitorId, text, agentId: null, receivedFrom: null } as const;
      return jsonAnswer(201, addMessage({ state, at, random }, fields));
    }
    case 'GET /control/agents':
      return jsonAnswer(
        200,
        [...state.agents.values()].map((agent) => ({ ...agent, online: isOnline(agent, at) })),
      );
    case 'GET /control/requests':
      return jsonAnswer(200, state.requests);
    case 'POST /control/limit':
      state.limit = read(limitSchema, { ...state.limit, ...read(settings, body) });
      return jsonAnswer(200, state.limit);
    case 'POST /control/switches':
      state.switches = read(switchesSchema, { ...state.switches, ...read(settings, body) });
      return jsonAnswer(200, state.switches);
    case 'GET /control/faults':
      return jsonAnswer(200, state.faults);
    case 'POST /control/faults':
      state.faults = read(z.array(faultSchema), body);
      return jsonAnswer(200, state.faults);
    case 'DELETE /control/faults':
      state.faults = [];
      return { status: 204, headers: {}, body: '' };
    case 'POST /control/reset':
      reset();
      return { status: 204, headers: {}, body: '' };
    default:
      throw new Refusal(404, 'document_not_found', `the control API has no ${request.method} ${path}`);
  }
};

const read = <Input>(schema: z.ZodMiniType<Input>, value: unknown): Input => {
  // zod/mini brings no texts of its own: without the locale every error reads "Invalid input".
  const result = schema.safeParse(value, { error: z.locales.en().localeError });
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new Refusal(400, 'invalid_parameter', reasons.join('; '));
};
