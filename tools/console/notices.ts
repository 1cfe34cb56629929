/** The notices: how the page lists them, and what an operator can do about them. */
import * as z from 'zod/mini';
import { problem } from '../../lib/http/contract/fields.ts';
import { noticeView } from '../../lib/http/notice-reply.ts';
import type { Notice } from '../../lib/notices/notice.ts';
import { type Act, action, NotDone } from './act.ts';
import type { NoticeLine, Notices } from './state.ts';

const longest = 40;

/** Held notices come first, then those under way, then the newest. */
const places: Record<NoticeLine['state'], number> = {
  unknown: 0,
  refused: 0,
  sending: 1,
  pending: 1,
  unaddressed: 2,
  settled: 2,
  expired: 2,
};

/** The notices that matter most, as the page lists them. */
export const listNotices = (stored: Notice[]): Notices => {
  const lines = stored.map(lineOf);
  const inState = (...states: NoticeLine['state'][]) =>
    lines.filter(({ state }) => states.includes(state)).length;
  return {
    total: lines.length,
    waiting: inState('pending', 'sending'),
    held: inState('unknown', 'refused'),
    list: lines
      .toSorted(
        (a, b) => places[a.state] - places[b.state] || (b.occurredAt ?? '').localeCompare(a.occurredAt ?? ''),
      )
      .slice(0, longest),
  };
};

const lineOf = (notice: Notice): NoticeLine => {
  const { dueAt, ...view } = noticeView(notice);
  return {
    ...view,
    ...(dueAt !== undefined && { dueAt: Date.parse(dueAt) }),
    ...(notice.desired !== undefined && { policy: notice.desired.policy }),
  };
};

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
    return `Withdrew ${reference}.`;
  });

export interface Api {
  url: string;
  token: string;
}

const noticePath = (reference: string): string =>
  `/notices/${reference.split('/').map(encodeURIComponent).join('/')}`;

/** @returns the state that the notice is in */
const call = async ({ url, token }: Api, method: string, path: string, body?: unknown): Promise<string> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const answered: unknown = await response.json();
  if (response.ok) return z.parse(z.object({ state: z.string() }), answered).state;
  throw new NotDone(problem.safeParse(answered).data?.detail ?? `The HTTP API answered ${response.status}`);
};

/** Runs a function at once. @throws Error with what the function said when it failed */
export type RunFunction = (name: string, event: object) => Promise<unknown>;

/** Delivers what waits now, not at the schedule's next minute. */
export const deliverNow = (runFunction: RunFunction, functions: readonly { name: string }[]): Act => {
  const deliverPending = functions.find(({ name }) => name.endsWith('-deliver-pending'));
  return action(z.object({}), async () => {
    if (deliverPending === undefined) throw new NotDone('There is no function deliver-pending');
    await runFunction(deliverPending.name, {});
    return 'deliver-pending has run.';
  });
};
