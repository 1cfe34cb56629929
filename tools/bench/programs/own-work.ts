/**
 * push-message with clients that answer at once: what is left is the bridge's own work, its log included. What the clients
 * take is in calls-alone.ts.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from '../../../bridge.config.ts';
import { createHandler } from '../../../functions/push-message.ts';
import type { BrevoClient } from '../../../lib/brevo/client.ts';
import { createBudget } from '../../../lib/budget/budget-store.ts';
import { createNoticeStore } from '../../../lib/notices/store.ts';
import { awsClientSettings } from '../../../lib/runtime/aws-client.ts';
import { createLogger } from '../../../lib/runtime/log.ts';
import { createMetrics } from '../../../lib/runtime/metrics.ts';

interface Input {
  Key?: object;
  UpdateExpression?: string;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** What DynamoDB answers: every desired state is the first of its notice. */
const answerTo = ({ Key, UpdateExpression, ExpressionAttributeValues: values = {} }: Input): object => {
  if (UpdateExpression === undefined) return {};
  const named = ['reference', 'desired', 'visitorId', 'lease'].flatMap((name) => {
    const value = values[`:${name}`];
    return value === undefined ? [] : [[name, value]];
  });
  const { ':one': one, ':now': dueAt } = values;
  return { Attributes: { ...Key, ...Object.fromEntries(named), dueAt, revision: one, version: one } };
};

const client = Object.assign(new DynamoDBClient(awsClientSettings), {
  send: async ({ input }: { input: Input }) => answerTo(input),
});

const called = async () => {
  throw new Error('nothing else is to be called');
};

const brevo: BrevoClient = {
  messages: { post: called, get: called, update: called, delete: called },
  pushedMessages: {
    post: async () => ({ body: { id: 'message' }, rateLimit: {} }),
    get: called,
    update: called,
    delete: called,
  },
  pingAgent: called,
};

export const handler = createHandler(async () => {
  const { now } = Date;
  const table = { client, tableName: 'notices', now };
  const plan = { limit: 100_000_000, windowMs: 3_600_000, scope: 'account' } as const;
  const upcoming = (_now: number, _stepMs: number, steps: number) => Array.from({ length: steps }, () => 0);
  return {
    logger: createLogger(),
    metrics: createMetrics(),
    brevo,
    now,
    random: Math.random,
    newId: () => 'id',
    rules: config,
    store: createNoticeStore(table),
    budget: createBudget({ ...table, plan, upcoming }),
    publish: async () => {},
    mapping: { config, visitorIdOf: (customerId) => customerId },
    deadLetter: async () => {},
  };
});
