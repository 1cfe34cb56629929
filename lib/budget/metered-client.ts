import type { BrevoClient, BrevoOperation } from '../brevo/client.ts';
import {
  BrevoError,
  NotSent,
  OutcomeUnknown,
  RateLimited,
  ServerError,
  Unauthorised,
} from '../brevo/errors.ts';
import type { AgentPing } from '../brevo/schemas.ts';
import { type Logger, messages } from '../runtime/log.ts';
import type { Lane } from './budget.ts';
import type { Report, RequestBudget } from './budget-store.ts';

/**
 * What came of a request. `reported` resolves once the budget knows, and never rejects: write the outcome down first,
 * then wait for it.
 */
export type Exchange<Body> =
  | { kind: 'answered'; body: Body; reported: Promise<void> }
  /** A `BrevoError`, or what kept the request from being sent. */
  | { kind: 'failed'; error: unknown; reported: Promise<void> }
  /** No request is free: nothing was sent. */
  | { kind: 'out-of-budget' };

/** Which share of the budget a request is from. */
export interface RequestOptions {
  lane: Exclude<Lane, 'presence'>;
  /** A new event asks for it: it queues up behind what waits already. */
  arrival?: boolean;
}

/** An agent to be pinged; `key` is what the database knows it by. */
export interface PingedAgent {
  key: string;
  identity: AgentPing;
}

/** What came of a call, and what it says of the budget. */
type Called<Body> = { said: Report | undefined } & (
  | { kind: 'answered'; body: Body }
  | { kind: 'failed'; error: unknown }
);

/**
 * The one way to Brevo: takes a request from the budget, makes the call, and reports what the answer says of the
 * request limit and of Brevo's health.
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
      // The call is made, and its outcome must not be lost over this.
      logger.warn(messages.notReported, { operation, reason: String(error) });
    }
  };

  const call = async <Input extends unknown[], Body>(
    send: BrevoOperation<Input, Body>,
    input: Input,
  ): Promise<Called<Body>> => {
    try {
      const { body, rateLimit } = await send(...input);
      return { kind: 'answered', body, said: { rateLimit } };
    } catch (error) {
      // What is no error of Brevo's never came to a call, and says nothing about Brevo.
      const said = error instanceof BrevoError ? reportOf(error) : undefined;
      return { kind: 'failed', error, said };
    }
  };

  return {
    /** The operations, to be passed to `request`. */
    operations: brevo,

    /** One request for an operation, if the lane has one to spare. */
    request: async <Input extends unknown[], Body>(
      send: BrevoOperation<Input, Body>,
      input: Input,
      { lane, ...options }: RequestOptions,
    ): Promise<Exchange<Body>> => {
      if (!(await budget.take(lane, send.operation, options))) return { kind: 'out-of-budget' };
      const { said, ...called } = await call(send, input);
      return { ...called, reported: report(send.operation, said) };
    },

    /**
     * Pings these agents, all at once, as far as their last ping is at least `minGapMs` old and the budget goes. One that
     * fails may be pinged again at once.
     * @returns those that were pinged, with the error where it failed
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
          .map(async (agent) => ({ agent, called: await call(brevo.pingAgent, [agent.identity]) })),
      );
      for (const { agent, called } of pings) {
        const { said } = called;
        // An agent whom Brevo refuses, it will refuse again.
        await report(operation, said?.fault === undefined ? said : { ...said, failedPing: agent.key });
      }
      return pings.map(({ agent, called }) =>
        called.kind === 'failed' ? { agent, failure: { error: called.error } } : { agent },
      );
    },

    /** In how many seconds a lane may make a request for an operation, as things stand: an estimate. */
    secondsUntilFree: (lane: Lane, { operation }: { operation: string }) =>
      budget.secondsUntilFree(lane, operation),
  };
};

export type MeteredClient = ReturnType<typeof createMeteredClient>;

/** What a failed call says about Brevo. */
const reportOf = (error: BrevoError): Report => {
  const { rateLimit } = error;
  if (error instanceof RateLimited) return { rateLimit, fault: 'rate-limited' };
  if (error instanceof Unauthorised) return { rateLimit, fault: 'unauthorised' };
  const isFailing =
    error instanceof ServerError || error instanceof OutcomeUnknown || error instanceof NotSent;
  return isFailing ? { rateLimit, fault: 'unavailable' } : { rateLimit };
};
