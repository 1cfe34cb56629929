import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { credentials, region } from '../../tools/aws/account.ts';
import { listen } from '../../tools/aws/listen.ts';
import { entriesOf } from '../../tools/samples/events.ts';
import { startTestBrevo } from '../support/bridge.ts';
import { stubEnvironment } from '../support/environment.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { secrets, startTestStack } from '../support/stack.ts';

beforeEach(() => {
  // Another stack needs other connections than those that the module caches.
  vi.resetModules();
  return () => vi.unstubAllEnvs();
});

/**
 * The whole path as deployed: PutEvents → rule → queue → the function's handler → table and Brevo. Only Lambda itself
 * is replaced, by a small server with its Invoke API.
 */
const start = async () => {
  const brevo = await startTestBrevo({ apiKey: secrets.brevoApiKey, now: Date.now });
  const stack = await startTestStack();
  stubEnvironment(stack, 'push-message', brevo.baseUrl);
  const { handler } = await import('../../functions/push-message.ts');
  const lambda = await listen(async (request, response) => {
    const event = JSON.parse(await text(request));
    response.end(JSON.stringify(await handler(event, lambdaContext())));
  }, 0);
  const pollers = stack.startPolling(lambda.url);
  const bus = new EventBridgeClient({ endpoint: stack.urls.bus, region, credentials });
  const sqs = new SQSClient({ endpoint: stack.urls.queues, region, credentials });
  onTestFinished(async () => {
    await pollers.close();
    await lambda.close();
    bus.destroy();
    sqs.destroy();
  });
  return {
    brevo,
    put: async (detail: object, type = 'order.status_changed') => {
      const entry = { Source: 'shop.orders', DetailType: type, Detail: JSON.stringify(detail) };
      const { FailedEntryCount } = await bus.send(
        new PutEventsCommand({ Entries: [{ ...entry, EventBusName: stack.buses[0] }] }),
      );
      expect(FailedEntryCount).toBe(0);
    },
    /** Puts a sample on a bus, moved to now. @returns the code with which it was refused */
    putSample: async (name: string, own?: string) => {
      const file = `events/push-message.${name}.json`;
      const entries = entriesOf(readFileSync(file, 'utf8'), { file, now: new Date() });
      const Entries = entries.map((entry) => ({ ...entry, EventBusName: own ?? entry.Source }));
      const answer = await bus.send(new PutEventsCommand({ Entries }));
      return answer.Entries?.[0]?.ErrorCode;
    },
    ownBus: stack.buses[0],
    deadLetters: async () => {
      const queue = stack.queues.find(({ logicalId }) => logicalId === 'DeadLetterQueue');
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue?.url,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.map(({ MessageAttributes }) => MessageAttributes?.reason?.StringValue);
    },
  };
};

/** The visitor of all samples. */
const visitor = 'kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg';

const order = (data: object, id = 'e1') => {
  const timestamp = new Date().toISOString();
  const metadata = {
    id,
    version: '1',
    timestamp,
    domain: 'orders',
    service: 'shop',
    type: 'order.status_changed',
  };
  return { metadata, data: { orderId: '1001', visitorId: 'visitor-1', occurredAt: timestamp, ...data } };
};

const soon = { timeout: 10_000, interval: 20 };

describe('an event put on the bus', () => {
  test('becomes one message in the locale of the event, however often it is put there', async () => {
    const { put, brevo } = await start();
    const shipped = order({ status: 'shipped', locale: 'de-AT', carrier: 'Post' });
    await put(shipped);
    await vi.waitFor(
      async () => expect(await brevo.chat()).toEqual([expect.stringMatching(/Bestellung 1001.*Post/)]),
      soon,
    );
    await put(shipped);
    await put(shipped);
    await put(order({ status: 'paid' }, 'e2'));
    await put(order({ status: 'delivered', locale: 'de-AT' }, 'e3'));
    await vi.waitFor(async () => expect(await brevo.chat()).toHaveLength(2), soon);
    expect(await brevo.requests()).toEqual(['POST created', 'POST created']);
  });

  test('is sent to the dead-letter queue with the reason if it is unreadable, and does not delay others', async () => {
    const { put, brevo, deadLetters } = await start();
    await put(order({ status: 'lost' }));
    await put(order({ status: 'paid', orderId: null }));
    await put({ hello: 'world' });
    await put(order({ status: 'paid' }), 'order.exploded');
    await put(order({ status: 'paid' }));
    await vi.waitFor(async () => expect(await brevo.chat()).toHaveLength(1), soon);
    const reasons: unknown[] = [];
    await vi.waitFor(async () => {
      reasons.push(...(await deadLetters()));
      expect(reasons).toHaveLength(4);
    }, soon);
    for (const part of ['detail-type', "'lost' is not one of", 'detail.data.orderId', 'detail.metadata']) {
      expect(reasons).toContainEqual(expect.stringContaining(part));
    }
    expect(await brevo.requests()).toEqual(['POST created']);
  });
});

describe('a partner’s event', () => {
  test('becomes one message from its own bus, however often it comes', async () => {
    const { putSample, brevo, deadLetters } = await start();
    for (const [name, text] of [
      ['shopify-partner-order-paid', /#1001/],
      ['stripe-partner-payment-succeeded', /ES-7001/],
      ['commercetools-partner-order-created', /CT-2001/],
    ] as const) {
      expect(await putSample(name)).toBeUndefined();
      await vi.waitFor(async () => expect((await brevo.chat(visitor)).at(-1)).toMatch(text), soon);
    }
    await putSample('commercetools-partner-order-created');
    await putSample('commercetools-partner-test');
    await putSample('shopify-partner-order-shipped');
    await vi.waitFor(async () => expect((await brevo.chat(visitor)).at(-1)).toMatch(/#1003/), soon);
    expect(await brevo.requests()).toHaveLength(4);
    expect(await deadLetters()).toEqual([]);
  });

  test('is refused on the bridge’s own bus and on another partner’s', async () => {
    const { putSample, ownBus, brevo } = await start();
    for (const bus of [ownBus, 'default', 'aws.partner/shopify.com/local/bridge'])
      expect(await putSample('stripe-partner-payment-succeeded', bus)).toBe(
        'NotAuthorizedForSourceException',
      );
    expect(await brevo.requests()).toEqual([]);
  });
});
