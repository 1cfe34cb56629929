import { expect, test } from 'vitest';
import { createResolver, parseTemplate } from '../../../tools/aws/template.ts';

const template = parseTemplate({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
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
  [{ Ref: 'Bus' }, 'shop'],
  [{ Ref: 'Table' }, 'stack-Table'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, `${arn}:sqs:${here}:stack-Queue`],
  [{ 'Fn::GetAtt': ['Rule', 'Arn'] }, `${arn}:events:${here}:rule/shop/stack-Rule`],
  [{ 'Fn::GetAtt': ['DefaultRule', 'Arn'] }, `${arn}:events:${here}:rule/stack-DefaultRule`],
  [{ 'Fn::GetAtt': ['Function', 'Arn'] }, `${arn}:lambda:${here}:function:fn`],
])('%j becomes %s', (value, expected) => {
  expect(resolve(value)).toBe(expected);
});

test('references are resolved however deep they lie', () => {
  const value = { a: [{ b: { Ref: 'Bus' } }], d: null, e: 1 };
  expect(resolve(value)).toEqual({ a: [{ b: 'shop' }], d: null, e: 1 });
});

test.each([
  [{ Ref: 'Nothing' }, 'Nothing'],
  [{ Ref: 'Bucket' }, 'the local run does not support Ref of Bucket (AWS::S3::Bucket)'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'the local run does not support the ARN of Bucket (AWS::S3::Bucket)'],
  [
    { 'Fn::GetAtt': ['Table', 'StreamArn'] },
    'the local run does not support Fn::GetAtt ["Table","StreamArn"]',
  ],
  [{ 'Fn::If': ['a', 'b', 'c'] }, 'the local run does not support Fn::If ["a","b","c"]'],
  [{ 'Fn::Sub': 'a' }, 'the local run does not support Fn::Sub "a"'],
])('%j is refused by name', (value, message) => {
  expect(() => resolve(value)).toThrow(message);
});
