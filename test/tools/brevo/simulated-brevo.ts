import { onTestFinished } from 'vitest';
import { type BrevoServerOptions, startBrevo } from '../../../tools/brevo/server.ts';

export const liz = { id: 'd9nKoegKSjmCtyK78', name: 'Liz', email: 'liz@example.com' };
export const tom = { id: 'agent-tom', name: 'Tom', email: 'tom@example.com' };
export const sales = { id: 'group-sales', agentIds: [tom.id] };

interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** Undefined when the body is no JSON. */
  json: unknown;
}

/** Starts a simulated Brevo with a clock that stands still, and closes it when the test is over. */
export const simulatedBrevo = async (options: Partial<BrevoServerOptions> = {}) => {
  const clock = { now: 1_800_000_000_000 };
  const brevo = await startBrevo({
    port: 0,
    apiKey: 'right-key',
    agents: [liz, tom],
    groups: [sales],
    now: () => clock.now,
    random: seededRandom(7),
    ...options,
  });
  onTestFinished(() => brevo.close());

  const send = async (url: string, method: string, body: unknown, init: RequestInit): Promise<Reply> => {
    const response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...init,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };

  /** A call to the API with the right key and, where there is a body, as JSON. */
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(`${brevo.baseUrl}/conversations${path}`, method, body, {
      headers: { 'api-key': 'right-key', 'content-type': 'application/json', ...headers },
    });
  const control = (method: string, path: string, body?: unknown) =>
    send(`${brevo.url}/control${path}`, method, body, {});
  /** Posts a pushed message and gives its id. */
  const push = async (text = 'Hello', visitorId = 'visitor-1'): Promise<string> =>
    idOf(await call('POST', '/pushedMessages', { visitorId, text }));

  return { brevo, clock, call, control, push };
};

/** The id in an answered message. */
export const idOf = ({ json, text }: Reply): string => {
  if (typeof json === 'object' && json && 'id' in json && typeof json.id === 'string') return json.id;
  throw new Error(`no message: ${text}`);
};

/** Always the same numbers for the same seed (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
