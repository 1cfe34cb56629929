/** What the runs do with a deployment, in short words. */
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import { sqsRecord } from '../../support/events.ts';
import { apiEvent, type Call } from '../../support/http-api.ts';
import { noon } from '../../support/incoming.ts';
import type { Deployment } from '../deployment.ts';

const noticeSchema = z.object({ state: z.string(), newestMessageId: z.optional(z.string()) });

const answerSchema = z.object({ statusCode: z.number(), body: z.optional(z.string()) });

/** A fault: Brevo answers that there were too many requests, and nothing is sent for a minute. */
export const tooMany = { kind: 'status', status: 429 };

/** A fault: Brevo takes the message and its answer is lost, so that nobody knows whether the message is there. */
export const lost = { match: { method: 'POST', path: 'pushedMessages' }, kind: 'reset-after' };

export const atWork = (deployment: Deployment) => {
  const { clock, fault, invoke, wait, waiting } = deployment;

  /** An event of the shop's that occurs now, or so many minutes later. */
  const event = (type: string, data: object, minutes = 0): SQSRecord =>
    sqsRecord({ type, data, at: clock.now - noon + minutes * 60_000 });

  const push = async (records: SQSRecord[], remainingMs?: number): Promise<void> => {
    const answer = await invoke('push-message', { Records: records }, remainingMs);
    expect(answer).toEqual({ batchItemFailures: [] });
  };

  /** Calls an operation, which has to be answered with this status. */
  const call = async (
    [name, status]: readonly [name: string, status: number],
    request: string,
    given: Call = {},
  ): Promise<unknown> => {
    const [method = '', target = ''] = request.split(' ');
    const { statusCode, body = 'null' } = answerSchema.parse(
      await invoke(name, apiEvent(method, target, given)),
    );
    expect(statusCode, `${request}: ${body}`).toBe(status);
    return JSON.parse(body);
  };

  const tick = () => invoke('deliver-pending', {});

  return {
    ...deployment,
    event,
    call,
    tick,

    /** Hours later: the budget is free, Brevo well, and nothing waits that can be delivered. */
    later: async () => {
      await fault();
      for (const _ of ['deliver it', 'note that nothing waits']) {
        wait(180);
        await tick();
      }
    },

    /** An order's status, as `event`. */
    order: (orderId: string, status: string, data: object = {}, minutes = 0): SQSRecord =>
      event('order.status_changed', { orderId, status, visitorId: 'ada', ...data }, minutes),

    push: (...records: SQSRecord[]) => push(records),

    /** Has events stored by a run that has no time to call Brevo. */
    pushLate: (...records: SQSRecord[]) => push(records, 1_000),

    /** Has push-message take what has come over the bus. */
    pushWaiting: () =>
      push(waiting.splice(0).map((each) => ({ ...event('', {}), body: JSON.stringify(each) }))),

    /** The id of the newest message of a notice, which has to be in this state. */
    notice: async (reference: string, state: string): Promise<string> => {
      const notice = noticeSchema.parse(await call(['get-notice', 200], `GET /notices/${reference}`));
      expect(notice.state, reference).toBe(state);
      return notice.newestMessageId ?? '';
    },
  };
};

export type AtWork = ReturnType<typeof atWork>;
