/** All packaged functions at work, before a simulated Brevo and an AWS of this machine, on a clock that is set by hand. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { credentials, region } from '../../tools/aws/account.ts';
import { startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { startBrevo } from '../../tools/brevo/server.ts';
import { localSecrets } from '../../tools/local/environment.ts';
import { startAwsCalls } from '../support/aws-calls.ts';
import { token } from '../support/http-api.ts';
import { unzip } from '../support/unzip.ts';
import { startWatchedBundle } from '../support/watched-bundle.ts';
import { permission, shortNames } from './permissions.ts';
import { functionsOf, packagedTemplate } from './template.ts';

/** A Monday morning: the agent of bridge.config.ts is on shift. */
const start = Date.parse('2026-03-02T09:30:00Z');

const limit = { limit: 10_000, windowSeconds: 3600, kind: 'fixed', scope: 'account' } as const;

const secrets = JSON.stringify({ ...JSON.parse(localSecrets('test-key')), apiTokens: [token] });

const unpack = async (name: string, folder: string): Promise<void> => {
  const zip = await readFile(join(dirname(inject('templateFile')), `${name}.zip`));
  for (const [file, content] of unzip(zip)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
};

/** What Lambda sets itself; and one endpoint for all of AWS. */
const setByLambda = (awsUrl: string) => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: 'session',
  AWS_ENDPOINT_URL: awsUrl,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});

interface Surroundings {
  /** Where packages are unpacked. */
  folder: string;
  /** What the template sets for it. */
  environment: Record<string, string>;
  /** Where the services of AWS answer, by the prefix of their actions. */
  awsUrls: Record<string, string>;
}

/** Runs a package in a process of its own, and notes what it asks of AWS. Whoever starts it has to close it. */
const startFunction = async (name: string, { folder, environment, awsUrls }: Surroundings) => {
  await unpack(name, join(folder, name));
  const { url, calls, close: closeServer } = await startAwsCalls(awsUrls);
  const file = join(folder, name, `functions/${name}.mjs`);
  const { DEAD_LETTER_QUEUE_URL: queueUrl, ...others } = environment;
  const { stop, ...bundle } = await startWatchedBundle(file, {
    ...others,
    ...(queueUrl === undefined ? {} : { DEAD_LETTER_QUEUE_URL: queueUrl.replace(/^http:\/\/[^/]+/, url) }),
    ...setByLambda(url),
  });
  const close = async () => {
    stop();
    await closeServer();
  };
  return { ...bundle, name, calls, close };
};

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
      wait: (minutes: number) => {
        clock.now += minutes * 60_000;
      },
      /** Has Brevo answer the next requests that match with these faults. */
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
