import { text } from 'node:stream/consumers';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { credentials, region } from '../../tools/aws/account.ts';
import { listen } from '../../tools/aws/listen.ts';
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
      const entry = {
        EventBusName: stack.buses[0],
        Source: 'shop.orders',
        DetailType: type,
        Detail: JSON.stringify(detail),
      };
      const { FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
      expect(FailedEntryCount).toBe(0);
    },
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
