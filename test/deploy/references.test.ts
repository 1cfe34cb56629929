import { readFile } from 'node:fs/promises';
import { expect, inject, test } from 'vitest';
import { circle, dangling } from './references.ts';
import { packagedTemplate, type Template } from './template.ts';

test('all that is referred to is there, and nothing waits for itself', async () => {
  const template = await packagedTemplate();
  expect(dangling(template)).toEqual([]);
  expect(circle(template)).toBeUndefined();
});

const small = (properties: object): Template => ({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: properties },
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }] } },
  },
  Outputs: {},
});

test.each([
  ['Ref', { QueueName: { Ref: 'Name' } }],
  ['Fn::GetAtt', { RedrivePolicy: { arn: { 'Fn::GetAtt': ['Name', 'Arn'] } } }],
  ['Fn::Sub', { QueueName: { 'Fn::Sub': `\${AWS::Region}-\${!Literal}-\${Name.Arn}` } }],
  ['Fn::Sub with values', { QueueName: { 'Fn::Sub': [`\${own}`, { own: { Ref: 'Name' } }] } }],
  ['Fn::Join', { QueueName: { 'Fn::Join': ['-', ['x', { Ref: 'Name' }]] } }],
])('%s to what is not there is found', (_, properties) => {
  expect(dangling(small(properties))).toEqual(['Queue: Name']);
});

test('a circle is found, be it through a text', () => {
  expect(circle(small({}))).toBeUndefined();
  expect(circle(small({ QueueName: { 'Fn::Sub': `x-\${Policy}` } }))).toEqual(['Queue', 'Policy', 'Queue']);
});

test('is no larger than CloudFormation takes', async () => {
  const { Resources, Outputs } = await packagedTemplate();
  expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
  expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200);
  expect((await readFile(inject('templateFile'))).length).toBeLessThanOrEqual(1024 * 1024);
});

test('the outputs name what the README’s commands ask for', async () => {
  const { Outputs } = await packagedTemplate();
  const asked = Array.from(
    (await readFile('README.md', 'utf8')).matchAll(/<([A-Z]\w+)>/g),
    ([, name]) => name,
  );
  expect(asked.length).toBeGreaterThan(0);
  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(asked));
});
