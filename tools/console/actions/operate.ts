import * as z from 'zod/mini';
import { problem } from '../../../lib/http/contract/fields.ts';
import { type Act, action, NotDone } from '../act.ts';

const answer = z.object({ reference: z.string(), action: z.enum(['sent', 'resend', 'drop', 'retry']) });

/** Answers for a notice that is held, as an operator does, through the HTTP API. */
export const resolveNotice = (api: Api): Act =>
  action(answer, async ({ reference, action: chosen }) => {
    const state = await call(api, 'POST', `${noticePath(reference)}/resolve`, { action: chosen });
    return `${reference} is ${state} now.`;
  });

/** Withdraws a notice through the HTTP API: its messages are deleted. */
export const withdrawNotice = (api: Api): Act =>
  action(z.object({ reference: z.string() }), async ({ reference }) => {
    await call(api, 'DELETE', noticePath(reference));
    return `${reference} was withdrawn.`;
  });

export type Api = { url: string; token: string };

const noticePath = (reference: string): string =>
  `/notices/${reference.split('/').map(encodeURIComponent).join('/')}`;

/** @returns the state that the notice is in */
async function call({ url, token }: Api, method: string, path: string, body?: unknown): Promise<string> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const answered: unknown = await response.json();
  if (response.ok) return z.parse(z.object({ state: z.string() }), answered).state;
  throw new NotDone(problem.safeParse(answered).data?.detail ?? `The HTTP API answered ${response.status}`);
}
