/**
 * Runs the packages that would be deployed as Lambda would run them. This shows that nothing is missing, since
 * lean-bundles.ts excludes much of the AWS SDK.
 */
import { readFile } from 'node:fs/promises';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { credentials, region } from '../../tools/aws/account.ts';
import { sqsClient } from '../../tools/aws/queues.ts';
import { startStack } from '../../tools/aws/stack.ts';
import { readTemplate } from '../../tools/aws/template.ts';
import { localSecrets } from '../../tools/local/environment.ts';
import { freshen, freshRegistration, sign } from '../../tools/samples/webhooks.ts';
import { startTestBrevo } from '../support/bridge.ts';
import { packagedFunctions, startBundle } from '../support/bundles.ts';
import { webhookSamples } from '../support/webhook-samples.ts';

/** The services that the functions call, and the functions themselves, each in its own process. */
const start = async () => {
  const brevo = await startTestBrevo({ now: Date.now });
  const seen: string[] = [];
  const stack = await startStack({
    template: await readTemplate(inject('templateFile')),
    stackName: 'test',
    ports: { bus: 0, dynamoDb: 0, queues: 0 },
    secrets: localSecrets('test-key'),
    log: (line) => seen.push(line),
  });
  onTestFinished(() => stack.close());
  const shared = {
    BREVO_BASE_URL: brevo.baseUrl,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: 'session',
    AWS_ENDPOINT_URL_DYNAMODB: stack.urls.dynamoDb,
    AWS_ENDPOINT_URL_SQS: stack.urls.queues,
    AWS_ENDPOINT_URL_EVENTBRIDGE: stack.urls.bus,
    AWS_ENDPOINT_URL_SSM: stack.urls.bus,
  };
  const run = async (name: string) => {
    const declared = stack.functions.find((each) => each.name.endsWith(`-${name}`))?.environment;
    return startBundle(name, { ...declared, ...shared });
  };
  return { brevo, run, seen, stack };
};

const sampleOf = async (name: string): Promise<string> => readFile(`events/${name}.json`, 'utf8');

const event = z.looseObject({ time: z.string() });

/** A sample for the queue, with its times moved to now. */
const freshSample = async (name: string): Promise<SQSEvent> => {
  const { Records }: SQSEvent = JSON.parse(await sampleOf(name));
  return {
    Records: Records.map((record) => {
      const sentAt = Date.parse(event.parse(JSON.parse(record.body)).time);
      return { ...record, body: freshen(record.body, sentAt, Date.now()) };
    }),
  };
};

const visitor = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';

test('push-message delivers an event to the chat once and publishes the outcome', async () => {
  const { brevo, run, seen } = await start();
  const pushMessage = await run('push-message');
  const batch = await freshSample('push-message.order-shipped');
  expect(await pushMessage(batch)).toEqual({ batchItemFailures: [] });
  expect(await pushMessage(batch)).toEqual({ batchItemFailures: [] });
  expect(await brevo.chat(visitor)).toEqual([expect.stringMatching(/commande.*Postes Canada/)]);
  await vi.waitFor(() => expect(seen).toContainEqual(expect.stringMatching(/message\.pushed/)));
});

test('push-message sends an unreadable event to the dead-letter queue', async () => {
  const { run, stack } = await start();
  const pushMessage = await run('push-message');
  expect(await pushMessage(JSON.parse(await sampleOf('push-message.not-json')))).toEqual({
    batchItemFailures: [],
  });
  const client = sqsClient(stack.urls.queues);
  onTestFinished(() => client.destroy());
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: stack.queues.find(({ logicalId }) => logicalId === 'DeadLetterQueue')?.url,
      MessageAttributeNames: ['All'],
    }),
  );
  expect(Messages.map(({ MessageAttributes }) => MessageAttributes?.reason?.StringValue)).toEqual([
    expect.stringMatching(/not JSON/),
  ]);
});

test('deliver-pending delivers what push-message had no time for', async () => {
  const { brevo, run } = await start();
  const pushMessage = await run('push-message');
  await pushMessage(await freshSample('push-message.order-paid'), 1_000);
  expect(await brevo.chat(visitor)).toEqual([]);
  await (await run('deliver-pending'))({});
  expect(await brevo.chat(visitor)).toHaveLength(1);
});

test('ping-presence takes its pings from the budget', async () => {
  const { run } = await start();
  const pingPresence = await run('ping-presence');
  expect(await pingPresence(JSON.parse(await sampleOf('ping-presence.scheduled')))).toBeUndefined();
});

test('receive-webhook puts a shop’s order on the bus', async () => {
  const { run, seen } = await start();
  const sample = webhookSamples.find(({ name }) => name === 'shopify-order-paid');
  const now = Date.now();
  const body = freshen(sample?.body.toString() ?? '', sample?.sentAt ?? 0, now);
  const given = JSON.parse(await sampleOf('receive-webhook.shopify-order-paid'));
  const headers = { ...sample?.headers, ...sign('shopify', { body, now }) };
  const receiveWebhook = await run('receive-webhook');
  expect(await receiveWebhook({ ...given, headers, body, isBase64Encoded: false })).toMatchObject({
    statusCode: 200,
  });
  expect(await receiveWebhook({ ...given, headers, body: `${body} `, isBase64Encoded: false })).toMatchObject(
    { statusCode: 401 },
  );
  await vi.waitFor(() => expect(seen).toContainEqual(expect.stringMatching(/order\.status_changed/)));
});

test('register-source registers a shop', async () => {
  const { run } = await start();
  const given = JSON.parse(await sampleOf('register-source.shopware'));
  const registerSource = await run('register-source');
  const fresh = freshRegistration(given.rawQueryString, Date.now());
  expect(await registerSource({ ...given, ...fresh })).toMatchObject({ statusCode: 200 });
  expect(await registerSource({ ...given, ...fresh, headers: {} })).toMatchObject({ statusCode: 401 });
});

/** The expected status for the sample of each operation, in this order. */
const answers: Record<string, number> = {
  'fallback-route.unknown-route': 404,
  'delete-agent-message.by-id': 404,
  'delete-pushed-message.by-id': 404,
  'erase-visitor.by-id': 202,
  'get-agent-message.by-id': 404,
  'get-erasure.by-id': 200,
  'get-notice.parcel': 404,
  'get-open-api.document': 200,
  'get-pushed-message.by-id': 404,
  'list-notices.held': 200,
  'ping-agent.by-id': 204,
  'post-agent-message.by-agent': 201,
  'post-pushed-message.back-in-stock': 201,
  'resolve-notice.resend': 404,
  'retry-notices.all': 202,
  'update-agent-message.new-text': 404,
  'update-notice.new-text': 404,
  'update-pushed-message.new-text': 404,
  'withdraw-notice.parcel': 404,
};

test('every operation of the HTTP API answers', { timeout: 60_000 }, async () => {
  const { run } = await start();
  const others = ['push-message', 'deliver-pending', 'ping-presence', 'receive-webhook', 'register-source'];
  const names = Object.keys(answers).map((sample) => sample.split('.')[0] ?? '');
  expect([...names, ...others].toSorted()).toEqual(await packagedFunctions());
  for (const [sample, statusCode] of Object.entries(answers)) {
    const answer = await (await run(sample.split('.')[0] ?? ''))(JSON.parse(await sampleOf(sample)));
    expect(answer, sample).toMatchObject({ statusCode });
  }
});
