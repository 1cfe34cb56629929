/**
 * What a million events cost in AWS, from what an event was counted to take. The waiting for other services cannot be
 * measured on one machine, and is assumed.
 */
import type { Warm } from './warm.ts';

/**
 * List prices in dollars, US East (N. Virginia), without the free tier, as of July 2025: aws.amazon.com/lambda/pricing (arm64),
 * /eventbridge/pricing, /sqs/pricing (standard queues), /dynamodb/pricing/on-demand, /cloudwatch/pricing.
 */
const prices = {
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  eventBridgeEvent: 1e-6,
  sqsRequest: 0.4e-6,
  dynamoDbWriteUnit: 0.625e-6,
  logGigabyte: 0.5,
};

/** As serverless.yml has it, in gigabytes; a whole processor comes with 1,769 megabytes. */
const memoryGb = 512 / 1024;
const processorShare = 512 / 1769;

/** Usual times of an answer within a region, and of one from Brevo. Milliseconds. */
const waits = { dynamoDb: 5, eventBridge: 15, brevo: 150 };

/** What a measurement cannot tell. */
export interface Shape {
  batchSize: number;
  /** Calls that an event waits for, one after the other. */
  sequence: { dynamoDb: number; eventBridge: number; brevo: number };
  /** Events of a batch that wait at the same time. */
  atOnce: number;
  /** Events that are put on the bus, the shop's own included. */
  busEvents: number;
  /** Units of indexes: a notice enters and leaves the list of what waits, and enters its visitor's. */
  indexUnits: number;
}

export interface Cost {
  lambda: number;
  eventBridge: number;
  sqs: number;
  dynamoDb: number;
  logs: number;
  total: number;
}

/** Dollars for a million events. */
export const costOf = ({ cpuMs, units, logged }: Warm, shape: Shape): Cost => {
  const { batchSize, sequence, atOnce, busEvents, indexUnits } = shape;
  const waitMs =
    (sequence.dynamoDb * waits.dynamoDb +
      sequence.eventBridge * waits.eventBridge +
      sequence.brevo * waits.brevo) /
    atOnce;
  const seconds = (waitMs + cpuMs / processorShare) / 1000;
  const million = 1_000_000;
  const cost = {
    lambda: million * (prices.lambdaRequest / batchSize + seconds * memoryGb * prices.lambdaGbSecond),
    eventBridge: million * busEvents * prices.eventBridgeEvent,
    // The rule's own message, and a batch's receive and delete.
    sqs: million * (1 + 2 / batchSize) * prices.sqsRequest,
    dynamoDb: million * (units + indexUnits) * prices.dynamoDbWriteUnit,
    logs: million * (logged / 1e9) * prices.logGigabyte,
  };
  return { ...cost, total: Object.values(cost).reduce((sum, each) => sum + each) };
};
