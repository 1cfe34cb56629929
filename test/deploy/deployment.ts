/** All that would be deployed, at work before a simulated Brevo, on a clock that is set by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { startBrevo } from '../../tools/brevo/server.ts';
import { localSecrets } from '../../tools/local/environment.ts';
import { token } from '../support/http-api.ts';
import { startFunction } from './deployed-function.ts';
import { permission } from './granted.ts';
import { shortNames } from './short-names.ts';
import { functionsOf, packagedTemplate } from './template.ts';

/** A Monday morning: the agent of bridge.config.ts is on shift. */
const start = Date.parse('2026-03-02T09:30:00Z');

const limit = { limit: 10_000, windowSeconds: 3600, kind: 'fixed', scope: 'account' } as const;

const secrets = JSON.stringify({ ...JSON.parse(localSecrets('test-key')), apiTokens: [token] });

/** Whoever starts it has to close it. */
export const deploy = async () => {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  const clock = { now: start };
  /** Events on their way to push-message. */
  const waiting: object[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'conversations-bridge-'));
    closers.push(() => rm(folder, { recursive: true }));
    const brevo = await startBrevo({ port: 0, apiKey: 'test-key', limit, now: () => clock.now });
    closers.push(brevo.close);
    const template = await readTemplate(inject('templateFile'));
    const stack = await startStack({
      template,
      stackName: 'test',
      ports: { bus: 0, dynamoDb: 0, queues: 0 },
      secrets,
      now: () => new Date(clock.now),
      onEvent: (event, queues) => void (queues.includes('EventQueue') && waiting.push(event)),
    });
    closers.push(stack.close);
    const { bus, dynamoDb, queues } = stack.urls;
    const awsUrls = { dynamodb: dynamoDb, sqs: queues, events: bus, ssm: bus };
    const inShort = shortNames(template, { stackName: 'test', queuesUrl: queues });

    const deployed = functionsOf(await packagedTemplate()).map(async ({ name, functionName }) => {
      const declared = stack.functions.find((each) => each.name === functionName)?.environment ?? {};
      const environment =
        'BREVO_BASE_URL' in declared ? { ...declared, BREVO_BASE_URL: brevo.baseUrl } : declared;
      const { calls, ...one } = await startFunction(name, { folder, environment, awsUrls });
      closers.push(one.close);
      /** What it asked of AWS so far, in the words of policies. */
      const asked = () => new Set(calls.map(({ action, resource }) => permission(action, inShort(resource))));
      return { ...one, asked };
    });
    const functions = await Promise.all(deployed);

    return {
      functions,
      clock,
      waiting,
      close,
      /** Lets so much time pass. */
      wait: (minutes: number) => {
        clock.now += minutes * 60_000;
      },
      /** What Brevo does wrong with the next requests that match. */
      fault: async (...faults: object[]): Promise<void> => {
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify(faults);
        const response = await fetch(`${brevo.url}/control/faults`, { method: 'POST', headers, body });
        if (!response.ok) throw new Error(await response.text());
      },
      /** @throws Error with what the function’s handler threw */
      invoke: async (name: string, event: unknown, remainingMs?: number): Promise<unknown> => {
        const one = functions.find((each) => each.name === name);
        if (one === undefined) throw new Error(`there is no function ${name}`);
        return one.invoke(event, clock.now, remainingMs);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

export type Deployment = Awaited<ReturnType<typeof deploy>>;
