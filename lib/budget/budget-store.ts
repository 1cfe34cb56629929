import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { RateLimit } from '../brevo/rate-limit.ts';
import { parse } from '../runtime/parse.ts';
import {
  type Budget,
  budgetSchema,
  closed,
  emptyBudget,
  freeNow,
  givenBack,
  type Lane,
  limitOf,
  mayTake,
  meterName,
  meterOf,
  type RequestPlan,
  taken,
  type Upcoming,
  withRateLimit,
} from './budget.ts';
import { type Fault, freeAfter, healthAfter, mayPass, passed, pauseOf, withHealth } from './health.ts';

export interface BudgetOptions {
  client: DynamoDBClient;
  tableName: string;
  plan: RequestPlan;
  /**
   * Predicts the requests that presence will need, from the time of each agent's last ping and the limit now in
   * force.
   */
  upcoming: (
    ...args: [...Parameters<Upcoming>, known: { lastPings: Budget['pings']; limit: number }]
  ) => number[];
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to below 1. */
  random: () => number;
  /** Waits for this many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
}

/** What the result of a call to Brevo means for the budget. */
export interface Report {
  lane: Lane;
  rateLimit: RateLimit;
  /** Brevo accepted a message, its edit or its deletion. */
  isAccepted?: boolean;
  /** `refused` is about a message, too. */
  fault?: Fault | undefined;
  /** The key of the agent whose ping failed. The next run pings that agent again. */
  failedPing?: string | undefined;
}

const key = marshall({ key: 'budget' });

/** With back-off, this many are enough for far more functions than ever run at the same time. */
const attempts = 20;

/** More writes than other functions make before a writer looks for its own. */
const rememberedWrites = 50;

/** The first pause after another function was faster. It doubles with each attempt, up to the longest. Milliseconds. */
const firstPauseMs = 100;
const longestPauseMs = 1_600;

/**
 * The request budget, shared by all functions. It is one item, written only if nobody else has written it since it
 * was read. A copy is kept between calls, so that a decision takes one round trip.
 */
export const createBudget = (options: BudgetOptions) => {
  const { client, tableName: TableName, plan, upcoming, now, random, pause } = options;
  let known: Budget | undefined;

  const read = async (): Promise<Budget> => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }));
    known = Item === undefined ? emptyBudget() : parse(budgetSchema, unmarshall(Item), 'The stored budget');
    return known;
  };

  const isWritten = async (seen: Budget, next: Budget): Promise<boolean> => {
    const id = random().toString(36).slice(2);
    const writes = [...seen.writes, id].slice(-rememberedWrites);
    const written = { ...next, version: seen.version + 1, writes };
    const Item = { ...key, ...marshall(written, { removeUndefinedValues: true }) };
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item,
          ConditionExpression: 'attribute_not_exists(#key) AND :version = :none OR #version = :version',
          ExpressionAttributeNames: { '#key': 'key', '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':version': seen.version, ':none': 0 }),
        }),
      );
      known = written;
      return true;
    } catch (error) {
      // The write may have been applied and its answer lost. If the SDK repeated it, it met its own result.
      if ((await read()).writes.includes(id)) return true;
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  /**
   * Applies a decision to the budget and stores the result.
   * @param trustsMemory whether a decision that changes nothing may rely on the kept copy
   */
  const decideOnce = async <Decision>(
    decision: (budget: Budget) => { budget: Budget; decided: Decision },
    trustsMemory: boolean,
  ): Promise<Decision> => {
    let fresh = trustsMemory || known === undefined;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const seen = known ?? (await read());
      const { budget, decided } = decision(seen);
      if (budget !== seen) {
        if (await isWritten(seen, budget)) return decided;
        fresh = true;
        // Full jitter: functions that collided do not meet again.
        await pause(random() * Math.min(longestPauseMs, firstPauseMs * 2 ** attempt));
        known = undefined;
      } else if (fresh) {
        return decided;
      } else {
        fresh = true;
        known = undefined;
      }
    }
    throw new Error(
      `The budget could not be stored: other functions changed it during each of ${attempts} attempts`,
    );
  };

  let last: Promise<unknown> = Promise.resolve();
  /** One decision at a time, so that a function does not collide with itself. */
  const decide = <Decision>(
    decision: (budget: Budget) => { budget: Budget; decided: Decision },
    trustsMemory = false,
  ): Promise<Decision> => {
    const decided = last.then(() => decideOnce(decision, trustsMemory));
    last = decided.catch(() => undefined);
    return decided;
  };

  /** Pings that were not sent because the outcome of their write is unknown: the stored budget may note them. */
  let unsent: Budget['pings'] = {};

  const withMeter = (budget: Budget, name: string, meter: Budget['meters'][string]): Budget => ({
    ...budget,
    meters: { ...budget.meters, [name]: meter },
  });

  /** If each endpoint has its own limit, pings take nothing from other operations. */
  const upcomingFor = ({ pings: lastPings }: Budget, limit: number): Upcoming =>
    plan.scope === 'account' ? (...args) => upcoming(...args, { lastPings, limit }) : nothingUpcoming;

  return {
    /** The budget as stored. */
    state: read,

    /**
     * Takes a request for an operation such as `POST /conversations/pushedMessages`.
     * @param options.arrival whether a new event needs it: then it queues behind the notices that already wait
     * @returns whether the request was granted; if not, the backlog is noted
     */
    take: async (
      lane: Exclude<Lane, 'presence'>,
      operation: string,
      options: { arrival?: boolean } = {},
    ): Promise<boolean> =>
      decide((budget) => {
        const name = meterName(plan, operation);
        const meter = meterOf(budget, name);
        const queues = options.arrival === true && budget.backlog.includes(name);
        const granted =
          !queues &&
          mayPass(budget, lane, now()) &&
          mayTake({ plan, upcoming: upcomingFor(budget, limitOf(plan, meter)) }, meter, lane, now());
        if (granted)
          return {
            budget: withMeter(passed(budget, lane, now()), name, taken(plan, meter, lane, 1, now())),
            decided: true,
          };
        const isNoted = lane === 'http' || budget.backlog.includes(name);
        const noted = isNoted ? budget : { ...budget, backlog: [...budget.backlog, name] };
        return { budget: noted, decided: false };
      }),

    /** Seconds until a lane may take a request for an operation: an estimate. */
    secondsUntilFree: async (lane: Lane, operation: string): Promise<number> => {
      const budget = known ?? (await read());
      const meter = meterOf(budget, meterName(plan, operation));
      const scheme = { plan, upcoming: upcomingFor(budget, limitOf(plan, meter)) };
      return freeAfter(scheme, { budget, meter }, lane, now()) / 1000;
    },

    /**
     * Takes a ping for each of these agents whose last ping is at least `minGapMs` old, as far as the budget allows.
     * The agents that have waited longest come first. While the budget is paused, it grants a single ping as a probe,
     * every two minutes.
     * @returns the keys of the agents to ping
     */
    takePings: async (operation: string, agents: readonly string[], minGapMs: number): Promise<string[]> => {
      let noted: Budget['pings'] = {};
      const granted = decide((budget) => {
        const name = meterName(plan, operation);
        const meter = meterOf(budget, name);
        const last = (agent: string) => {
          const at = budget.pings[agent] ?? 0;
          return at === unsent[agent] ? 0 : at;
        };
        const due = agents
          .filter((agent) => now() - last(agent) >= minGapMs)
          .toSorted((a, b) => last(a) - last(b));
        const isPaused = pauseOf(budget, 'presence') !== undefined;
        const probes = isPaused ? Number(mayPass(budget, 'presence', now())) : due.length;
        const granted = due.slice(0, Math.min(probes, freeNow(plan, meter, now())));
        noted = Object.fromEntries(granted.map((agent) => [agent, now()]));
        if (granted.length === 0) return { budget, decided: [] };
        const pings = { ...budget.pings, ...noted };
        const counted = taken(plan, meter, 'presence', granted.length, now());
        return {
          budget: { ...withMeter(passed(budget, 'presence', now()), name, counted), pings },
          decided: granted,
        };
      });
      return granted.catch((error: unknown) => {
        unsent = { ...unsent, ...noted };
        throw error;
      });
    },

    /** Updates the budget with the result of a call. Writes only if something changed. */
    report: async (
      operation: string,
      { lane, rateLimit, isAccepted, fault, failedPing }: Report,
    ): Promise<void> =>
      decide((budget) => {
        const name = meterName(plan, operation);
        const meter = meterOf(budget, name);
        const informed = withRateLimit(plan, meter, rateLimit, now());
        const judged = withHealth(budget, isAccepted ? 'accepted' : healthAfter(fault), now());
        const spent = fault === 'not-sent' ? givenBack(plan, informed, lane, now()) : informed;
        const limited = fault === 'rate-limited' ? closed(plan, spent, rateLimit, now()) : spent;
        const metered = limited === meter ? judged : withMeter(judged, name, limited);
        if (failedPing === undefined) return { budget: metered, decided: undefined };
        return { budget: { ...metered, pings: { ...metered.pings, [failedPing]: 0 } }, decided: undefined };
      }, true),

    /** Whether Brevo has refused one message after another, as far as this function knows. */
    isRefusing: (): boolean => known?.paused?.reason === 'refused',

    /** The meter that counts an operation. */
    meterFor: (operation: string): string => meterName(plan, operation),

    /** Notes the meters that notices wait for. */
    noteBacklog: async (backlog: readonly string[]): Promise<void> =>
      decide((budget) => ({
        budget:
          budget.backlog.toSorted().join() === backlog.toSorted().join()
            ? budget
            : { ...budget, backlog: [...backlog] },
        decided: undefined,
      })),
  };
};

export type RequestBudget = ReturnType<typeof createBudget>;

const nothingUpcoming: Upcoming = (_now, _stepMs, steps) => Array.from({ length: steps }, () => 0);
