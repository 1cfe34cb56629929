/** Reads what the page shows: from the table, the queues, and whatever else runs. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { type Budget, budgetSchema, emptyBudget } from '../../lib/budget/budget.ts';
import type { Config } from '../../lib/config/config.ts';
import { toNotice } from '../../lib/notices/item.ts';
import type { Notice } from '../../lib/notices/notice.ts';
import { parse } from '../../lib/runtime/parse.ts';
import { credentials, region } from '../aws/account.ts';
import { showBudget, showPresence } from './budget.ts';
import type { SeenEvents } from './events.ts';
import { listNotices } from './notices.ts';
import type { Shop } from './shop.ts';
import { currentFault, type Requests, readChat, type Simulation } from './simulation.ts';
import type { Reload, Run, Queue as Shown, State } from './state.ts';

/** The AWS services of the local run, as far as the console uses them. */
export interface Stack {
  urls: { bus: string; dynamoDb: string; queues: string };
  buses: string[];
  functions: { name: string; environment: Record<string, string> }[];
  queues: { name: string; arn: string }[];
  /** Which queue feeds a function. */
  mappings: {
    queue: { name: string; properties: { RedrivePolicy?: { deadLetterTargetArn: string } | undefined } };
  }[];
}

/** The configuration that the functions have now. */
export interface LiveConfig {
  current: () => Config;
  lastReload: () => Reload | undefined;
  /** Lets the functions take these for `requests` until told otherwise; `undefined` gives them their own again. */
  override: (requests: Requests | undefined) => Promise<void>;
  /** What takes the place of its `requests`. */
  overridden: () => Requests | undefined;
}

interface Stored {
  notices: Notice[];
  budget: Budget;
}

/** Reads all that the bridge has stored, as far as a page of DynamoDB's goes (a megabyte). */
export const createTableReader = ({ urls, functions }: Stack) => {
  const client = new DynamoDBClient({ endpoint: urls.dynamoDb, region, credentials });
  const named = functions.find(({ environment }) => 'TABLE_NAME' in environment);
  const scan = new ScanCommand({ TableName: named?.environment.TABLE_NAME, ConsistentRead: true });
  return async (): Promise<Stored> => {
    const { Items = [] } = await client.send(scan);
    const isKeyed = (beginning: string) => (item: (typeof Items)[number]) =>
      item.key?.S?.startsWith(beginning) === true;
    const budget = Items.find(isKeyed('budget'));
    return {
      notices: Items.filter(isKeyed('notice#')).map(toNotice),
      budget:
        budget === undefined ? emptyBudget() : parse(budgetSchema, unmarshall(budget), 'The stored budget'),
    };
  };
};

const message = z.object({
  body: z.string(),
  messageAttributes: z.record(z.string(), z.object({ StringValue: z.optional(z.string()) })),
});

/** fauxqs' own way to look into a queue without receiving from it. */
const inspection = z.object({
  messages: z.object({
    ready: z.array(message),
    delayed: z.array(message),
    inflight: z.array(z.unknown()),
  }),
});

const mostReasons = 3;
const longestReason = 400;

/** How many events wait or are worked on, and those that nobody can read, the oldest first. */
export type QueueReader = () => Promise<{
  waiting: number;
  working: number;
  dead: { body: string; reason: string }[];
}>;

/** Reads the queue of the events, and the dead-letter queue of those that nobody can read. */
export const createQueueReader = ({ urls, queues, mappings }: Stack): QueueReader => {
  const [mapping] = mappings;
  if (mapping === undefined) throw new Error('no function is fed by a queue');
  const { name, properties } = mapping.queue;
  const deadLetters = queues.find(({ arn }) => arn === properties.RedrivePolicy?.deadLetterTargetArn);

  const inspect = async (queueName: string) => {
    const response = await fetch(`${urls.queues}/_fauxqs/queues/${queueName}`, {
      signal: AbortSignal.timeout(1000),
    });
    return inspection.parse(await response.json()).messages;
  };

  return async () => {
    const { ready, delayed, inflight } = await inspect(name);
    const dead = deadLetters === undefined ? [] : (await inspect(deadLetters.name)).ready;
    return {
      waiting: ready.length + delayed.length,
      working: inflight.length,
      dead: dead.map((letter) => ({ body: letter.body, reason: reasonOf(letter) })),
    };
  };
};

/** The bridge gives a reason of its own, the bus writes one where it could not deliver. */
const reasonOf = ({ messageAttributes: { reason, ERROR_MESSAGE } }: z.infer<typeof message>): string => {
  const given = reason?.StringValue ?? ERROR_MESSAGE?.StringValue ?? 'It failed too many times.';
  return given.slice(0, longestReason);
};

const showQueue = ({ waiting, working, dead }: Awaited<ReturnType<QueueReader>>): Shown => ({
  waiting,
  working,
  unreadable: dead.length,
  reasons: dead
    .slice(-mostReasons)
    .map(({ reason }) => reason)
    .reverse(),
});

interface StateSources {
  run: Run;
  config: LiveConfig;
  readTable: () => Promise<Stored>;
  readQueues: QueueReader;
  shop: Shop;
  seenEvents: SeenEvents;
  simulation: Simulation | undefined;
}

/** @returns a function that reads everything the page shows */
export const createStateReader = (sources: StateSources): (() => Promise<State>) => {
  const { run, config, readTable, readQueues, shop, seenEvents, simulation } = sources;
  return async () => {
    const [{ notices, budget }, queues, simulated] = await Promise.all([
      readTable(),
      readQueues(),
      simulation && readSimulation(simulation),
    ]);
    const now = Date.now();
    const current = config.current();
    const reload = config.lastReload();
    return {
      run,
      configuration: {
        locales: Object.keys(current.texts),
        isPaced: config.overridden() !== undefined,
        ...(reload !== undefined && { reload }),
      },
      orders: shop.orders(notices),
      bus: seenEvents.bus(),
      queue: showQueue(queues),
      notices: listNotices(notices),
      budget: showBudget(current, budget, now),
      presence: showPresence(current, budget, now),
      ...simulated,
    };
  };
};

const readSimulation = async (simulation: Simulation): Promise<Required<Pick<State, 'chat' | 'brevo'>>> => {
  const [chat, fault] = await Promise.all([readChat(simulation), currentFault(simulation)]);
  return { chat, brevo: fault === undefined ? {} : { fault } };
};
