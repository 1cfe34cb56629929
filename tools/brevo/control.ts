import * as z from 'zod/mini';
import { type Answer, attempt, jsonAnswer, Refusal, type Request, refusalAnswer } from './answer.ts';
import { parseJson } from './body.ts';
import { faultSchema } from './fault.ts';
import { limitSchema } from './limit.ts';
import { addMessage } from './operations.ts';
import { isOnline } from './presence.ts';
import type { State } from './state.ts';
import { switchesSchema } from './switches.ts';

const visitorMessage = z.strictObject({
  visitorId: z.string().check(z.minLength(1)),
  text: z.string().check(z.minLength(1)),
});

/** Some of the settings; the others stay as they are. */
const settings = z.record(z.string(), z.unknown());

/** What the control API works on: the account, the time (epoch ms), and a way to begin anew. */
export interface Controlled {
  readonly state: State;
  readonly at: number;
  readonly random: () => number;
  readonly reset: () => void;
}

/** Whether a request is for the control API. It needs no key, and is neither counted, recorded nor hit by faults. */
export function isControl({ path }: Request): boolean {
  return path === '/control' || path.startsWith('/control/');
}

/** Looks into the account, or arranges it. Bad input is answered with 400 and the names of the fields. */
export function control(request: Request, controlled: Controlled): Answer {
  const answer = attempt(() => obey(request, controlled));
  return answer instanceof Refusal ? refusalAnswer(answer, 'json') : answer;
}

function obey(request: Request, { state, at, random, reset }: Controlled): Answer {
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
}

function read<Input>(schema: z.ZodMiniType<Input>, value: unknown): Input {
  // zod/mini brings no texts of its own: without the locale every error reads "Invalid input".
  const result = schema.safeParse(value, { error: z.locales.en().localeError });
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new Refusal(400, 'invalid_parameter', reasons.join('; '));
}
