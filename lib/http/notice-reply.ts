import * as z from 'zod/mini';
import type { Progress } from '../notices/erasure.ts';
import { dueAt } from '../notices/lease.ts';
import {
  type Notice,
  newestOf,
  nextStep,
  pendingDeletes,
  shows,
  stateOf,
  unreachableOf,
} from '../notices/notice.ts';
import type { Bridge, Reconciled } from '../notices/reconcile.ts';
import { operationFor } from '../notices/reconcile.ts';
import { InvalidInput, parseJson } from '../runtime/parse.ts';
import type { NoticeView } from './contract/fields.ts';
import { Problem, retryAfter } from './contract/problem.ts';
import type { Reply } from './http-handler.ts';

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A notice as the API returns it. */
export const noticeView = (notice: Notice): NoticeView => {
  const { reference, visitorId, revision, desired, hold } = notice;
  const state = stateOf(notice);
  const newest = newestOf(notice);
  const reason = hold?.reason ?? notice.lastError;
  return {
    reference,
    state,
    revision,
    messages: notice.messages.flatMap(({ id, keep }) => (keep && id !== undefined ? [id] : [])),
    pendingDeletes: pendingDeletes(notice),
    unreachable: unreachableOf(notice).length,
    attempts: notice.attempts,
    log: notice.log.map(({ at, what }) => ({ at: timeOf(at), what })),
    ...(visitorId === undefined ? {} : { visitorId }),
    ...(desired === undefined ? {} : { occurredAt: timeOf(desired.occurredAt) }),
    ...(desired?.text === undefined ? {} : { text: desired.text }),
    ...(desired === undefined || desired.status === '' ? {} : { status: desired.status }),
    ...(desired?.agentId === undefined ? {} : { agentId: desired.agentId }),
    ...(desired?.groupId === undefined ? {} : { groupId: desired.groupId }),
    ...(newest?.id === undefined ? {} : { newestMessageId: newest.id }),
    ...(state === 'pending' ? { dueAt: timeOf(dueAt(notice)) } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
};

/** Waiting notices are checked each minute. */
const soonSeconds = 60;

type Deps = Pick<Bridge, 'brevo' | 'now'>;

/**
 * The response with a notice: 200 if nothing is left to do, 202 if something has to wait.
 * @throws {Problem} brevo-refused if Brevo refused a text; brevo-failed if it refused a deletion
 */
export const noticeReply = async (deps: Deps, reconciled: Reconciled): Promise<Reply> => {
  const { notice } = reconciled;
  switch (stateOf(notice)) {
    case 'settled':
    case 'expired':
    case 'unaddressed':
      return { status: 200, body: noticeView(notice) };
    case 'pending':
      return {
        status: 202,
        body: noticeView(notice),
        headers: retryAfter(await secondsToWait(deps, reconciled)),
      };
    case 'sending':
    case 'unknown':
      return { status: 202, body: noticeView(notice), headers: retryAfter(soonSeconds) };
    case 'refused': {
      const { reference, hold } = notice;
      const detail = `Brevo refused the request: ${hold?.reason}. The notice is held until it is changed, withdrawn or resolved`;
      // Only what a caller asked for can be the caller's mistake. A deletion asks for nothing.
      throw new Problem(hold?.step === 'delete' ? 'brevo-failed' : 'brevo-refused', { detail, reference });
    }
  }
};

/**
 * The response with the message of the notice if the change is complete, otherwise with the notice.
 * @param status of the response with the message
 * @throws {Problem} brevo-refused if Brevo refused a text; brevo-failed if it refused a deletion
 */
export const messageReply = async (deps: Deps, reconciled: Reconciled, status: 200 | 201): Promise<Reply> => {
  const { notice } = reconciled;
  const message = standingMessage(notice);
  if (message === undefined) return noticeReply(deps, reconciled);
  const headers = status === 201 ? { location: `/pushed-messages/${encodeURIComponent(message.id)}` } : {};
  return { status, body: message, headers };
};

const standingMessage = (notice: Notice) => {
  const { reference, visitorId, desired } = notice;
  const newest = newestOf(notice);
  if (desired === undefined || newest?.id === undefined || !shows(newest, desired)) return undefined;
  const { agentId } = desired;
  return {
    id: newest.id,
    text: newest.text,
    isPushed: true,
    ...(visitorId === undefined ? {} : { visitorId }),
    ...(agentId === undefined ? {} : { agentId }),
    reference,
  };
};

const secondsToWait = async (
  { brevo, now }: Deps,
  { notice, isOutOfBudget }: Reconciled,
): Promise<number> => {
  const step = nextStep(notice);
  const budgeted =
    isOutOfBudget && step !== undefined
      ? await brevo.secondsUntilFree('messages', operationFor(brevo.operations, step))
      : 0;
  return Math.max(soonSeconds, budgeted, (dueAt(notice) - now()) / 1000);
};

/**
 * The response with the progress of an erasure.
 * @throws {Problem} not-found if none is in progress: none was requested, or it has finished
 */
export const progressReply = (progress: Progress | undefined, status: 200 | 202): Reply => {
  if (progress === undefined) {
    const detail = 'No erasure of this visitor is in progress: none was requested, or it has finished';
    throw new Problem('not-found', { detail });
  }
  return { status, body: { ...progress, requestedAt: new Date(progress.requestedAt).toISOString() } };
};

const position = z.strictObject({
  key: z.string().check(z.regex(/^notice#/), z.maxLength(2000)),
  queueOrder: z.string().check(z.regex(/^\d\.\d{15}$/)),
});

/** A position in the list of notices. */
export type Position = z.output<typeof position>;

/** The end of a page, encoded so that callers do not rely on its contents. */
export const toCursor = (at: Position): string => Buffer.from(JSON.stringify(at)).toString('base64url');

/** @throws {Problem} invalid-request if the text is not a cursor */
export const fromCursor = (cursor: string): Position => {
  try {
    return parseJson(position, Buffer.from(cursor, 'base64url').toString(), 'The cursor');
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const detail = 'is not a valid cursor';
    throw new Problem('invalid-request', {
      detail: `cursor: ${detail}`,
      errors: [{ parameter: 'cursor', detail }],
    });
  }
};
