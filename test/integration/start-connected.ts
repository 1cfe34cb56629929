import { json } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject, onTestFinished } from 'vitest';
import config from '../../bridge.config.ts';
import { createNoticeStore } from '../../lib/notices/store.ts';
import { credentials, region } from '../../tools/aws/account.ts';
import { listen } from '../../tools/aws/listen.ts';
import { startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { act } from '../../tools/console/act.ts';
import { connectConsole, type Surroundings } from '../../tools/console/connect.ts';
import { createSeenEvents } from '../../tools/console/events.ts';
import { createTrail } from '../../tools/console/trail.ts';
import { startTestBrevo } from '../support/bridge.ts';

interface Asked {
  method: string | undefined;
  url: string | undefined;
  headers: NodeJS.Dict<string | string[]>;
  body: unknown;
}

/** An HTTP API that gives one answer to all, and remembers what it was asked. */
const startApi = async (answer: { status: number; body: object }) => {
  const asked: Asked[] = [];
  const api = await listen(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: await json(request).catch(() => undefined) });
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  }, 0);
  onTestFinished(api.close);
  return { url: api.url, asked };
};

/** The console's state and actions on a real stack and a simulated Brevo, until the test ends. Nothing takes from the queue. */
export const startConnected = async (
  options: { real?: string; api?: { status: number; body: object } } = {},
) => {
  const seenEvents = createSeenEvents();
  const trail = createTrail();
  const stack = await startStack({
    template: await readTemplate(inject('templateFile')),
    stackName: 'test',
    ports: { bus: 0, dynamoDb: 0, queues: 0 },
    secrets: '{}',
    onEvent: (event, queues) => {
      seenEvents.see(event, queues);
      trail.see(event, queues);
    },
  });
  onTestFinished(stack.close);
  const brevo = await startTestBrevo();
  const api = await startApi(options.api ?? { status: 200, body: { state: 'settled' } });
  const overrides: unknown[] = [];
  const ran: string[] = [];
  const surroundings: Surroundings = {
    events: 'events',
    services: [],
    api: { url: api.url, token: 'the-token' },
    runFunction: async (name) => void ran.push(name),
    brevo:
      options.real === undefined
        ? { control: `${new URL(brevo.baseUrl).origin}/control` }
        : { real: options.real },
    stack,
    config: {
      current: () => config,
      lastReload: () => undefined,
      override: async (requests) => {
        overrides.push({ requests, brevoAllows: await brevo.control('limit', {}) });
      },
      overridden: () => undefined,
    },
    seenEvents,
    trail,
  };
  const { read, actions } = await connectConsole(surroundings);
  const client = new DynamoDBClient({ endpoint: stack.urls.dynamoDb, region, credentials });
  onTestFinished(() => client.destroy());
  const tableName = stack.functions.find(({ environment }) => 'TABLE_NAME' in environment)?.environment
    .TABLE_NAME;
  return {
    stack,
    brevo,
    asked: api.asked,
    overrides,
    ran,
    read,
    store: createNoticeStore({ client, tableName: tableName ?? '', onUnreadable: () => {}, now: Date.now }),
    does: (name: string) => Object.hasOwn(actions, name),
    perform: async (name: string, body: unknown = {}) => {
      const action = actions[name];
      if (action === undefined) throw new Error(`no action ${name}`);
      const [status, answer] = await act(action, body);
      return { status, ...answer };
    },
  };
};
