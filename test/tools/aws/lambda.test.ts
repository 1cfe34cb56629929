import { json } from 'node:stream/consumers';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../../../tools/aws/listen.ts';
import { sqsClient } from '../../../tools/aws/queues.ts';
import { startStack } from '../../../tools/aws/stack.ts';
import { smallTemplate } from './small-template.ts';

type Event = { Records: { messageId: string; body: string; attributes: Record<string, string> }[] };
interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A queue, its poller, and a server that plays Lambda's Invoke API with the given function. */
const start = async (fn: (event: Event) => Answer | Promise<Answer>) => {
  const log: string[] = [];
  const paths: (string | undefined)[] = [];
  const stack = await startStack({
    template: smallTemplate(),
    stackName: 'test',
    ports: { bus: 0, dynamoDb: 0, queues: 0 },
    secrets: '{}',
    log: (line) => log.push(line),
  });
  const lambda = await listen(async (request, response) => {
    paths.push(request.url);
    const { status = 200, headers = {}, body } = await fn(JSON.parse(JSON.stringify(await json(request))));
    response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body));
  }, 0);
  const [queue] = stack.queues;
  const sqs = sqsClient(stack.urls.queues);
  const poll = () => {
    const poller = stack.startPolling(lambda.url);
    onTestFinished(poller.close);
    return poller;
  };
  onTestFinished(async () => {
    sqs.destroy();
    await lambda.close();
    await stack.close();
  });
  return {
    log,
    paths,
    poll,
    queue,
    send: (body: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: queue?.url,
          MessageBody: body,
          MessageAttributes: { reason: { DataType: 'String', StringValue: 'because' } },
        }),
      ),
    /** How many messages wait, and how many are being worked on or hidden. */
    counts: async () => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queue?.url, AttributeNames: ['All'] }),
      );
      return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible].map(
        Number,
      );
    },
  };
};

test('a function gets the messages as AWS Lambda hands them over, and what it took is deleted', async () => {
  const events: Event[] = [];
  const { send, poll, counts, queue, paths } = await start((event) => {
    events.push(event);
    return { body: { batchItemFailures: [] } };
  });
  const { MessageId, MD5OfMessageBody } = await send('hello');
  poll();
  await vi.waitFor(async () => expect([events.length, ...(await counts())]).toEqual([1, 0, 0]));
  expect(paths).toEqual(['/2015-03-31/functions/fn/invocations']);
  expect(events).toEqual([
    {
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            reason: {
              dataType: 'String',
              stringValue: 'because',
              stringListValues: [],
              binaryListValues: [],
            },
          },
          md5OfBody: MD5OfMessageBody,
          eventSource: 'aws:sqs',
          eventSourceARN: queue?.arn,
          awsRegion: 'eu-west-1',
        },
      ],
    },
  ]);
});

test('of a batch only what the function reports as failed stays in the queue', async () => {
  const { send, poll, counts, log } = await start(({ Records }) => ({
    body: {
      batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    },
  }));
  for (const body of ['good', 'bad', 'good']) await send(body);
  poll();
  await vi.waitFor(async () => expect(await counts()).toEqual([0, 1]));
  expect(log).toContain('fn: 1 of 3 messages failed and will be received again');
});

test.each<[string, Answer]>([
  [
    'an error of the function',
    { headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorMessage: 'no' } },
  ],
  ['an error of the Invoke API', { status: 404, body: { Message: 'Function not found' } }],
  ['an unknown id', { body: { batchItemFailures: [{ itemIdentifier: 'x' }] } }],
  ['an id that is null', { body: { batchItemFailures: [{ itemIdentifier: null }] } }],
])('after %s the whole batch stays in the queue', async (_, answer) => {
  const { send, poll, counts, log } = await start(() => answer);
  await send('a');
  await send('b');
  poll();
  await vi.waitFor(() => expect(log).not.toEqual([]));
  expect(await counts()).toEqual([0, 2]);
});

test.each<[string, Answer]>([
  ['nothing', {}],
  ['null', { body: null }],
  ['a null list', { body: { batchItemFailures: null } }],
])('an answer of %s means that all went well', async (_, answer) => {
  let calls = 0;
  const { send, poll, counts } = await start(() => {
    calls += 1;
    return answer;
  });
  await send('a');
  poll();
  await vi.waitFor(async () => expect([calls, ...(await counts())]).toEqual([1, 0, 0]));
});

test('no more batches are worked on at once than the mapping allows', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let running = 0;
  let most = 0;
  const { send, poll, counts } = await start(async () => {
    running += 1;
    most = Math.max(most, running);
    await released;
    running -= 1;
    return {};
  });
  for (let n = 0; n < 25; n += 1) await send(String(n));
  poll();
  await vi.waitFor(async () => expect([running, ...(await counts())]).toEqual([2, 5, 20]));
  release();
  await vi.waitFor(async () => expect(await counts()).toEqual([0, 0]));
  expect(most).toBe(2);
});

test('a batch in work when polling ends is let finish', async () => {
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { send, poll, counts } = await start(async () => {
    arrived();
    await finished;
    return {};
  });
  await send('a');
  const poller = poll();
  await arrival;
  const closing = poller.close();
  finish();
  await closing;
  expect(await counts()).toEqual([0, 0]);
});
