/** Sends the samples under `events/` to the local run, each where its kind goes, and says what became of them. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { parseJson } from '../../lib/runtime/parse.ts';
import { sources } from '../../lib/sources/sources.ts';
import { credentials, region, stackName } from '../aws/account.ts';
import { createRunFunction } from '../aws/lambda.ts';
import { sqsClient } from '../aws/queues.ts';
import { bodiesOf, entriesOf, onBus } from './events.ts';
import { freshen, freshRegistration, freshWebhook, sendWebhook, type Unsent } from './webhooks.ts';

/** Where the local run answers, such as `http://127.0.0.1:4000`, and who is told what happens. */
export interface Target {
  console: string;
  httpApi: string;
  bus: string;
  queues: string;
  lambda: string;
  print: (line: string) => void;
}

const requestSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z._default(z.string(), ''),
  headers: z.record(z.string(), z.string()),
  body: z.optional(z.string()),
  requestContext: z.object({ timeEpoch: z.number(), http: z.object({ method: z.string() }) }),
});

const sampleSchema = z.union(
  [
    z.object({ Records: z.array(z.unknown()) }),
    requestSchema,
    z.object({ source: z.literal('aws.scheduler') }),
  ],
  { error: 'is no input of a function: choose a file of events/' },
);

/**
 * Sends a sample, moved to the present time: events to the bus, a webhook signed by its sender, a request to its route,
 * a schedule's event to its function.
 *
 * @returns whether it was accepted
 * @throws Error when the file is no sample, or when the local run does not run
 */
export const sendSample = async (file: string, target: Target): Promise<boolean> => {
  const text = await textOf(file);
  const sample = parseJson(sampleSchema, text, file);
  return whileItRuns(target, async () => {
    if ('Records' in sample) return sendEvents(text, file, target);
    if ('source' in sample) return run(basename(file).split('.')[0] ?? '', target);
    if (!sample.rawPath.startsWith('/webhooks/')) return sendRequest(sample, target);
    if (sample.requestContext.http.method === 'GET')
      return sendRequest({ ...sample, ...freshRegistration(sample.rawQueryString, Date.now()) }, target);
    return sendSigned(freshWebhook(text, { file, now: Date.now() }), target);
  });
};

/**
 * A webhook of a sender: a sample, moved to the present time, or the body of a real webhook, byte for byte.
 *
 * @param headers of a real webhook, for senders that name the topic there
 * @throws Error when the file cannot be read
 */
export const readWebhook = async (
  file: string,
  { source, headers }: { source: string; headers: Record<string, string> },
): Promise<Unsent> => {
  const text = await textOf(file);
  const now = Date.now();
  const isSample = requestSchema.safeParse(parseJson(z.unknown(), text, file)).success;
  const sample = isSample ? freshWebhook(text, { file, now }) : { headers: {}, body: text };
  return {
    source,
    headers: { 'content-type': 'application/json', ...sample.headers, ...headers },
    body: sample.body,
  };
};

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read`, { cause });
  });

const whileItRuns = async (target: Target, send: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await send();
  } catch (cause) {
    if (!isRefused(cause)) throw cause;
    throw new Error(`Nothing answers at ${target.console}: start the local run with npm start`, { cause });
  }
};

/**
 * Sends a webhook, signed with the local secret.
 *
 * @returns whether it was accepted
 * @throws Error when there is no such sender, or when the local run does not run
 */
export const sendSigned = async (webhook: Unsent, target: Target): Promise<boolean> =>
  whileItRuns(target, async () => {
    const from = Date.now();
    const among = await configuredSources();
    const response = await sendWebhook(webhook, { httpApi: target.httpApi, among });
    await printAnswer(response, target);
    await printOutcome({ from, to: Date.now() }, target);
    return response.ok;
  });

/** The built-in sources and the shop's own. */
export const configuredSources = async () => {
  const { default: config } = await import('../../bridge.config.ts');
  return { ...sources, ...config.sources };
};

/** The AWS SDK and fetch have the code in different places. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && error.code === 'ECONNREFUSED') || isRefused(error.cause));

const sendEvents = async (text: string, file: string, target: Target): Promise<boolean> => {
  const bodies = bodiesOf(text, file);
  if (bodies !== undefined) return sendBodies(bodies, target);
  const entries = entriesOf(text, { file, now: new Date() });
  const client = new EventBridgeClient({ endpoint: target.bus, region, credentials, maxAttempts: 1 });
  const { Entries: results = [] } = await client.send(
    new PutEventsCommand({ Entries: entries.map((entry) => onBus(entry, stackName)) }),
  );
  for (const [index, { ErrorCode, ErrorMessage }] of results.entries())
    if (ErrorCode) target.print(`${entries[index]?.DetailType}: refused, ${ErrorCode}: ${ErrorMessage}`);
  await printOutcome({ ids: results.flatMap(({ EventId }) => EventId ?? []) }, target);
  return !results.some(({ ErrorCode }) => ErrorCode);
};

/** What is no event cannot go on the bus: it goes into the queue behind it, as it is. */
const sendBodies = async (bodies: string[], target: Target): Promise<boolean> => {
  const sqs = sqsClient(target.queues);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${stackName}-EventQueue` }));
  for (const body of bodies) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    await printOutcome({ body }, target);
  }
  return true;
};

const sendRequest = async (
  { rawPath, rawQueryString, headers, body, requestContext }: z.infer<typeof requestSchema>,
  target: Target,
): Promise<boolean> => {
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  const { host: _, 'content-length': __, ...sendable } = headers;
  const { method } = requestContext.http;
  const response = await fetch(`${target.httpApi}${rawPath}${query}`, {
    method,
    headers: sendable,
    ...(body !== undefined && { body: freshen(body, requestContext.timeEpoch, Date.now()) }),
  });
  target.print(`${method} ${rawPath}${query}`);
  await printAnswer(response, target);
  return response.ok;
};

const run = async (name: string, { lambda, print }: Target): Promise<boolean> => {
  await createRunFunction(lambda)(`${stackName}-${name}`, {});
  print(`${name} has run.`);
  return true;
};

const printAnswer = async (response: Response, { print }: Target): Promise<void> => {
  print(`${response.status} ${response.statusText}`);
  const text = await response.text();
  if (text !== '') print(text);
};

const answered = z.union([z.object({ done: z.string() }), z.object({ error: z.string() })]);

/** The console knows what became of the events. */
const printOutcome = async (events: object, { console, print }: Target): Promise<void> => {
  const response = await fetch(`${console}/actions/outcome`, {
    method: 'POST',
    headers: { origin: console, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  const answer = answered.parse(await response.json());
  const outcome = 'done' in answer ? answer.done : answer.error;
  print(outcome === '' ? 'No event follows from it.' : outcome);
};
