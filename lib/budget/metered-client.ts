import type { BrevoClient, BrevoOperation } from '../brevo/client.ts';
import {
  BrevoError,
  NotSent,
  OutcomeUnknown,
  RateLimited,
  RequestRefused,
  ServerError,
  Unauthorised,
} from '../brevo/errors.ts';
import type { AgentPing } from '../brevo/schemas.ts';
import { type Logger, messages } from '../runtime/log.ts';
import type { Lane } from './budget.ts';
import type { Report, RequestBudget } from './budget-store.ts';

/**
 * The result of a request. `reported` resolves once the budget is updated, and never rejects. Store the outcome
 * first, then await it.
 */
export type Exchange<Body> =
  | { kind: 'answered'; body: Body; reported: Promise<void> }
  /** `error` is a `BrevoError`, or the error that prevented the request from being sent. */
  | { kind: 'failed'; error: unknown; reported: Promise<void> }
  /** No request is free: nothing was sent. */
  | { kind: 'out-of-budget' };

/** Which part of the budget a request uses. */
export interface RequestOptions {
  lane: Exclude<Lane, 'presence'>;
  /** A new event needs the request, so it queues behind the notices that already wait. */
  arrival?: boolean;
}

/** An agent to ping. `key` identifies the agent in the database. */
export interface PingedAgent {
  key: string;
  identity: AgentPing;
}

/** The result of a call, and what it means for the budget. */
type Called<Body> = { said: Report | undefined } & (
  | { kind: 'answered'; body: Body }
  | { kind: 'failed'; error: unknown }
);

/**
 * Brevo refused a probe, as it refused every message before. The cause is the bridge or the account, so the notice is
 * not to blame, and nothing was done.
 */
class AllRefused extends Error {
  override readonly name = 'AllRefused';

  constructor(cause: RequestRefused) {
    super(`Brevo refuses every message. ${cause.message}`, { cause });
  }
}

/**
 * The only way to call Brevo: takes a request from the budget, makes the call, and reports the rate limit and Brevo's
 * health back to the budget.
 */
export const createMeteredClient = ({
  brevo,
  budget,
  logger,
}: {
  brevo: BrevoClient;
  budget: RequestBudget;
  logger: Logger;
}) => {
  const report = async (operation: string, said: Report | undefined): Promise<void> => {
    if (said === undefined) return;
    try {
      await budget.report(operation, said);
    } catch (error) {
      // The call was made, and its outcome must not be lost because of this failure.
      logger.warn(messages.notReported, { operation, reason: String(error) });
    }
  };

  /** If the budget cannot be read or written, no request is granted, and the caller tries again later. */
  const isGranted = async (...request: Parameters<RequestBudget['take']>): Promise<boolean> => {
    try {
      return await budget.take(...request);
    } catch (error) {
      logger.warn(messages.notTaken, { operation: request[1], reason: String(error) });
      return false;
    }
  };

  const call = async <Input extends unknown[], Body>(
    send: BrevoOperation<Input, Body>,
    input: Input,
    lane: Lane,
  ): Promise<Called<Body>> => {
    try {
      const { body, rateLimit } = await send(...input);
      return { kind: 'answered', body, said: { lane, rateLimit, isAccepted: lane === 'messages' } };
    } catch (error) {
      // An error that is not a BrevoError happened before the call, so it says nothing about Brevo.
      const said = error instanceof BrevoError ? { lane, ...reportOf(error, lane) } : undefined;
      return { kind: 'failed', error, said };
    }
  };

  return {
    /** The operations to pass to `request`. */
    operations: brevo,

    /** Makes one request, if the lane has one to spare. */
    request: async <Input extends unknown[], Body>(
      send: BrevoOperation<Input, Body>,
      input: Input,
      { lane, ...options }: RequestOptions,
    ): Promise<Exchange<Body>> => {
      if (!(await isGranted(lane, send.operation, options))) return { kind: 'out-of-budget' };
      const isProbe = lane === 'messages' && budget.isRefusing();
      const { said, ...called } = await call(send, input, lane);
      const reported = report(send.operation, said);
      if (isProbe && called.kind === 'failed' && called.error instanceof RequestRefused)
        return { kind: 'failed', error: new AllRefused(called.error), reported };
      return { ...called, reported };
    },

    /**
     * Pings these agents in parallel, if their last ping is at least `minGapMs` old and as far as the budget allows.
     * An agent whose ping failed may be pinged again at once.
     * @returns the agents that were pinged, each with the error if the ping failed
     */
    ping: async <Agent extends PingedAgent>(
      agents: readonly Agent[],
      minGapMs: number,
    ): Promise<{ agent: Agent; failure?: { error: unknown } }[]> => {
      if (agents.length === 0) return [];
      const { operation } = brevo.pingAgent;
      const keys = agents.map(({ key }) => key);
      const granted = await budget.takePings(operation, keys, minGapMs);
      const pings = await Promise.all(
        agents
          .filter(({ key }) => granted.includes(key))
          .map(async (agent) => ({
            agent,
            called: await call(brevo.pingAgent, [agent.identity], 'presence'),
          })),
      );
      for (const { agent, called } of pings) {
        const { said } = called;
        // If Brevo refused the agent itself, an immediate repeat would be refused too.
        await report(operation, said?.fault === undefined ? said : { ...said, failedPing: agent.key });
      }
      return pings.map(({ agent, called }) =>
        called.kind === 'failed' ? { agent, failure: { error: called.error } } : { agent },
      );
    },

    /** Seconds until a lane may make a request for an operation: an estimate. */
    secondsUntilFree: (lane: Lane, { operation }: { operation: string }) =>
      budget.secondsUntilFree(lane, operation),
  };
};

export type MeteredClient = ReturnType<typeof createMeteredClient>;

/** What a failed call says about Brevo. A refused ping, or a refused call of an operator, is about that call alone. */
const reportOf = (error: BrevoError, lane: Lane): Pick<Report, 'rateLimit' | 'fault'> => {
  const { rateLimit } = error;
  if (error instanceof RateLimited) return { rateLimit, fault: 'rate-limited' };
  if (error instanceof Unauthorised) return { rateLimit, fault: 'unauthorised' };
  if (error instanceof NotSent) return { rateLimit, fault: 'not-sent' };
  if (error instanceof RequestRefused && lane === 'messages') return { rateLimit, fault: 'refused' };
  const isFailing = error instanceof ServerError || error instanceof OutcomeUnknown;
  return isFailing ? { rateLimit, fault: 'unavailable' } : { rateLimit };
};
