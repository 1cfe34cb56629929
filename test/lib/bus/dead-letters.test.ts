import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { fc, test as law } from '@fast-check/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { createDeadLetters } from '../../../lib/bus/dead-letters.ts';
import { sqsClient, startQueues } from '../../../tools/aws/queues.ts';
import { startAws } from '../../support/aws-server.ts';

const startDeadLetters = async () => {
  const queues = await startQueues({ port: 0 });
  onTestFinished(() => queues.close());
  const client = sqsClient(queues.url);
  onTestFinished(() => client.destroy());
  await client.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
  const queueUrl = `${queues.url}/000000000000/dead-letters`;
  const letters = async () => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MessageAttributeNames: ['All'],
        MaxNumberOfMessages: 10,
      }),
    );
    return Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.reason?.StringValue]);
  };
  return { deadLetter: createDeadLetters({ client, queueUrl }), letters };
};

test('a dead letter is the unchanged message with the reason as an attribute', async () => {
  const { deadLetter, letters } = await startDeadLetters();
  await deadLetter('{"not: "JSON', 'The event is invalid: not JSON');
  expect(await letters()).toEqual([['{"not: "JSON', 'The event is invalid: not JSON']]);
});

test('a dead letter may contain an emoji', async () => {
  const { deadLetter, letters } = await startDeadLetters();
  await deadLetter('{"note": "Merci 🎁"', 'not JSON');
  expect(await letters()).toEqual([['{"note": "Merci 🎁"', 'not JSON']]);
});

test('a reason with control characters, or a very long one, is adapted to SQS', async () => {
  const { deadLetter, letters } = await startDeadLetters();
  await deadLetter('a', 'status: \u0000\u001b[31mred\u0007\ufffe is none of ours — naïve 🚚');
  await deadLetter('b', 'x'.repeat(100_000));
  await deadLetter('c', `${'x'.repeat(999)}🚚`);
  expect(await letters()).toEqual([
    ['a', 'status: ��[31mred�� is none of ours — naïve 🚚'],
    ['b', 'x'.repeat(1000)],
    ['c', `${'x'.repeat(999)}�`],
  ]);
});

test('an error of the queue is passed on', async () => {
  const { settings } = await startAws(() => ({ status: 400, body: { __type: 'AccessDeniedException' } }));
  const client = new SQSClient({ ...settings, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const deadLetter = createDeadLetters({ client, queueUrl: `${settings.endpoint}/000000000000/q` });
  await expect(deadLetter('a', 'b')).rejects.toThrow(
    expect.objectContaining({ name: 'AccessDeniedException' }),
  );
});

law.prop([fc.string({ unit: 'binary', minLength: 1, maxLength: 1100 }), fc.nat(1000)], { numRuns: 30 })(
  'a reason contains only characters that SQS allows in an attribute',
  async (noise, before) => {
    let sent = '';
    const { settings } = await startAws<{ MessageAttributes: { reason: { StringValue: string } } }>(
      (body) => {
        sent = body.MessageAttributes.reason.StringValue;
        return { body: { MessageId: '1' } };
      },
    );
    // The answer has no digest to compare, because this server stores nothing.
    const client = new SQSClient({ ...settings, md5: false });
    await createDeadLetters({ client, queueUrl: `${settings.endpoint}/000000000000/q` })(
      'a',
      'x'.repeat(before) + noise,
    );
    client.destroy();
    expect(sent.length).toBeLessThanOrEqual(1000);
    expect(sent.isWellFormed()).toBe(true);
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    expect(sent).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u);
  },
);

test('a body that SQS would refuse is adapted', async () => {
  const bodies: string[] = [];
  const { settings } = await startAws<{ MessageBody: string }>(({ MessageBody }) => {
    bodies.push(MessageBody);
    return { status: 400, body: { __type: 'AccessDeniedException' } };
  });
  const client = new SQSClient({ ...settings, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const deadLetter = createDeadLetters({ client, queueUrl: `${settings.endpoint}/000000000000/q` });
  for (const body of ['\u0000{"ä": "🎁\ufffe\ud800"}', '', 'é'.repeat(1_000_000)])
    await deadLetter(body, 'reason').catch(() => {});
  expect(bodies[0]).toBe('�{"ä": "🎁��"}');
  expect(bodies[1]).toBe(' ');
  expect(Buffer.byteLength(bodies[2] ?? '')).toBeLessThan(1024 * 1024);
});
