import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { endpointIn } from '../../../lib/aws/endpoint.ts';

test.for(['eu-west-1', 'us-east-1', 'ap-southeast-4', 'us-gov-west-1', 'cn-north-1', 'cn-northwest-1'])(
  'services answer in %s where the AWS SDK looks for them',
  (region) => {
    const at = { Region: region, UseFIPS: false, UseDualStack: false };
    const known = {
      dynamodb: new DynamoDBClient({ region }).config.endpointProvider(at),
      events: new EventBridgeClient({ region }).config.endpointProvider(at),
      sqs: new SQSClient({ region }).config.endpointProvider(at),
      ssm: new SSMClient({ region }).config.endpointProvider(at),
    };
    for (const [service, { url }] of Object.entries(known))
      expect(new URL(endpointIn(region, service)).href).toBe(url.href);
  },
);
