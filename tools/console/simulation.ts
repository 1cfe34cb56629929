/** The simulated Brevo as the console uses it: its chats, its faults and its limit. */
import * as z from 'zod/mini';
import type { Config } from '../../lib/config/config.ts';
import { defaultLimit } from '../brevo/admission.ts';
import { faultSchema } from '../brevo/faults.ts';
import { messageSchema } from '../brevo/state.ts';
import { type Act, action, NotDone } from './act.ts';
import type { Chat, ChatMessage, FaultName } from './state.ts';

/** The simulated Brevo's control API, as far as the console uses it. */
export interface Simulation {
  get: <S extends z.core.$ZodType>(path: string, schema: S) => Promise<z.output<S>>;
  post: (path: string, body: object) => Promise<void>;
}

/** @param control such as `http://127.0.0.1:4003/control` */
export const connectSimulation = (control: string): Simulation => {
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${control}${path}`, { ...init, signal: AbortSignal.timeout(2_000) });
    if (!response.ok) throw new NotDone(`The simulated Brevo answered ${response.status}`);
    return response.json();
  };
  return {
    get: async (path, schema) => z.parse(schema, await call(path)),
    post: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      await call(path, { method: 'POST', headers, body: JSON.stringify(body) });
    },
  };
};

const messages = z.array(messageSchema);
const agents = z.array(z.object({ name: z.string(), online: z.boolean() }));

/** So many messages are shown, of all visitors together. */
const longest = 150;

/** What the simulated Brevo would show in its chats. */
export const readChat = async ({ get }: Simulation): Promise<Chat> => {
  const [all, staff] = await Promise.all([get('/messages', messages), get('/agents', agents)]);
  return {
    messages: all.slice(-longest).map(show),
    agents: staff.map(({ name, online }) => ({ name, isOnline: online })),
  };
};

const show = ({
  id,
  visitorId,
  kind,
  text,
  createdAt,
  history,
  deletedAt,
}: z.infer<typeof messageSchema>): ChatMessage => {
  const lastEdit = history.length > 1 ? history.at(-1) : undefined;
  return {
    id,
    visitorId,
    isFromVisitor: kind === 'visitor',
    text,
    at: createdAt,
    ...(lastEdit !== undefined && { editedAt: lastEdit.at }),
    ...(deletedAt !== null && { deletedAt }),
  };
};

/** Far more requests than anybody makes by hand. */
const always = 1_000_000;
const posts = { method: 'POST', path: '/pushedMessages' };

/** The faults to choose from, as the control API takes them. */
const faults = {
  down: { times: always, kind: 'status', status: 503 },
  slow: { times: always, kind: 'delay', delayMs: 4_000 },
  lost: { match: posts, kind: 'reset-after' },
  busy: { kind: 'status', status: 429, headers: { 'x-sib-ratelimit-reset': '20' } },
  refused: {
    match: posts,
    kind: 'status',
    status: 400,
    body: '{"code":"invalid_parameter","message":"agentId is not valid"}',
    headers: { 'content-type': 'application/json' },
  },
  revoked: {
    times: always,
    kind: 'status',
    status: 401,
    body: '{"code":"unauthorized","message":"Key not found"}',
    headers: { 'content-type': 'application/json' },
  },
} as const satisfies Record<FaultName, object>;

const names = z.enum(['down', 'slow', 'lost', 'busy', 'refused', 'revoked']);

/** Injects a fault, or clears all. */
export const chooseFault = ({ post }: Simulation): Act =>
  action(z.object({ fault: z.nullable(names) }), async ({ fault }) => {
    await post('/faults', fault === null ? [] : [faults[fault]]);
    return fault === null ? 'Brevo works again.' : 'Brevo will fail as chosen.';
  });

/** The fault that is in force, recognised by its kind and status. */
export const currentFault = async ({ get }: Simulation): Promise<FaultName | undefined> => {
  const [fault] = await get('/faults', z.array(faultSchema));
  return names.options.find((name) => {
    const { kind, ...rest } = faults[name];
    return (
      fault?.kind === kind && (!('status' in rest) || ('status' in fault && fault.status === rest.status))
    );
  });
};

export type Requests = Config['requests'];

/** Few enough requests, in a window short enough, to watch how they are shared out. */
const tight: Requests = { limit: 5, windowSeconds: 60, scope: 'account' };

/**
 * Lets Brevo allow five requests a minute, and the bridge know that window, which no answer of Brevo's names. At no
 * moment does the bridge count in a long window what it learned of the tight limit: it would send nothing for an hour.
 */
export const choosePace = (
  { post }: Simulation,
  override: (requests: Requests | undefined) => Promise<void>,
): Act =>
  action(z.object({ isTight: z.boolean() }), async ({ isTight }) => {
    if (isTight) await override(tight);
    const { limit, windowSeconds } = isTight ? tight : defaultLimit;
    await post('/limit', { limit, windowSeconds });
    if (!isTight) await override(undefined);
    return isTight ? 'Brevo allows five requests a minute now.' : 'Brevo has its usual limit again.';
  });

/** Writes a message as a visitor does in the widget. */
export const write = ({ post }: Simulation): Act =>
  action(z.object({ visitorId: z.string(), text: z.string() }), async (message) => {
    await post('/messages', message);
    return 'Sent as the visitor.';
  });
