import { Metrics } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { queueHandler } from '../../../lib/runtime/handler.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { captureLog } from '../../support/logger.ts';

const metrics = new Metrics({ namespace: 'test' });

const record = (messageId: string): SQSRecord => ({
  messageId,
  receiptHandle: 'r',
  body: '{}',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 's',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:q',
  awsRegion: 'eu-west-1',
});
const batch = { Records: [record('a'), record('b')] };

test('the records go to the function with its dependencies and the time left, those to come again are reported', async () => {
  const { logger, told } = captureLog();
  const handler = queueHandler(
    async () => ({ logger, metrics, greeting: 'hello' }),
    async (records, { greeting }, remainingMs) =>
      records.map(({ messageId }) => ({ itemIdentifier: `${greeting} ${messageId} ${remainingMs()}` })),
  );
  expect(await handler(batch, lambdaContext(1234))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'hello a 1234' }, { itemIdentifier: 'hello b 1234' }],
  });
  expect(told()).toEqual(['INFO function started', 'INFO function finished']);
});

test('when all went well, none is reported', async () => {
  const { logger } = captureLog();
  const handler = queueHandler(
    async () => ({ logger, metrics }),
    async () => [],
  );
  expect(await handler(batch, lambdaContext())).toEqual({ batchItemFailures: [] });
});

test('without its dependencies the invocation fails, so that SQS delivers all again', async () => {
  const { logger, told } = captureLog();
  let builds = 0;
  const handled: string[] = [];
  const handler = queueHandler(
    async () => {
      if (++builds === 1) throw new Error('no secrets');
      return { logger, metrics };
    },
    async (records) => {
      handled.push(...records.map(({ messageId }) => messageId));
      return [];
    },
  );
  await expect(handler(batch, lambdaContext())).rejects.toThrow(new Error('no secrets'));
  expect(handled).toEqual([]);
  await handler(batch, lambdaContext());
  expect(handled).toEqual(['a', 'b']);
  expect(told()).toEqual(['ERROR function failed', 'INFO function started', 'INFO function finished']);
});

test('a function that fails as a whole fails the invocation', async () => {
  const { logger, told } = captureLog();
  const handler = queueHandler(
    async () => ({ logger, metrics }),
    async () => {
      throw new Error('table gone');
    },
  );
  await expect(handler(batch, lambdaContext())).rejects.toThrow(new Error('table gone'));
  expect(told()).toEqual(['INFO function started', 'ERROR function failed']);
});
