import { expect, test } from 'vitest';
import { createResolver } from '../../../tools/aws/intrinsics.ts';
import { parseTemplate } from '../../../tools/aws/template.ts';

const template = parseTemplate({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Ordered: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    Named: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': `own-\${AWS::Region}` } } },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { EventBusName: { Ref: 'Bus' } } },
    DefaultRule: { Type: 'AWS::Events::Rule' },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn' } },
    Bucket: { Type: 'AWS::S3::Bucket' },
  },
});
const { resolve } = createResolver(template, { stackName: 'stack', queuesUrl: 'http://127.0.0.1:1' });

const arn = 'arn:aws';
const here = 'eu-west-1:000000000000';

test.each([
  [{ Ref: 'Queue' }, 'http://127.0.0.1:1/000000000000/stack-Queue'],
  [{ Ref: 'Ordered' }, 'http://127.0.0.1:1/000000000000/stack-Ordered.fifo'],
  [{ Ref: 'Named' }, 'http://127.0.0.1:1/000000000000/own-eu-west-1'],
  [{ Ref: 'Bus' }, 'shop'],
  [{ Ref: 'Table' }, 'stack-Table'],
  [{ Ref: 'Function' }, 'fn'],
  [{ Ref: 'AWS::AccountId' }, '000000000000'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, `${arn}:sqs:${here}:stack-Queue`],
  [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'stack-Queue'],
  [{ 'Fn::GetAtt': ['Queue', 'QueueUrl'] }, 'http://127.0.0.1:1/000000000000/stack-Queue'],
  [{ 'Fn::GetAtt': ['Rule', 'Arn'] }, `${arn}:events:${here}:rule/shop/stack-Rule`],
  [{ 'Fn::GetAtt': ['DefaultRule', 'Arn'] }, `${arn}:events:${here}:rule/stack-DefaultRule`],
  [{ 'Fn::GetAtt': ['Bus', 'Arn'] }, `${arn}:events:${here}:event-bus/shop`],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, `${arn}:dynamodb:${here}:table/stack-Table`],
  [{ 'Fn::GetAtt': ['Function', 'Arn'] }, `${arn}:lambda:${here}:function:fn`],
  [{ 'Fn::Join': ['/', ['a', { Ref: 'Bus' }, 1]] }, 'a/shop/1'],
  [
    { 'Fn::Sub': `\${Bus}-\${Queue.Arn}-\${AWS::StackName}-\${!Bus}` },
    `shop-${arn}:sqs:${here}:stack-Queue-stack-\${Bus}`,
  ],
  [{ 'Fn::Sub': [`\${x}.\${Bus}`, { x: { Ref: 'Table' } }] }, 'stack-Table.shop'],
])('%j becomes %s', (value, expected) => {
  expect(resolve(value)).toBe(expected);
});

test('references are resolved however deep they lie, and AWS::NoValue takes its property away', () => {
  const value = {
    a: [{ b: { Ref: 'Bus' } }, { Ref: 'AWS::NoValue' }],
    c: { Ref: 'AWS::NoValue' },
    d: null,
    e: 1,
  };
  expect(resolve(value)).toEqual({ a: [{ b: 'shop' }], d: null, e: 1 });
});

test.each([
  [{ Ref: 'Nothing' }, 'Nothing'],
  [{ Ref: 'Bucket' }, 'AWS::S3::Bucket'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'AWS::S3::Bucket'],
  [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'StreamArn'],
  [{ 'Fn::If': ['a', 'b', 'c'] }, 'Fn::If'],
  [{ 'Fn::Join': ['', [{ a: 1 }]] }, 'where a text is needed'],
])('%j is refused by name', (value, name) => {
  expect(() => resolve(value)).toThrow(name);
});
