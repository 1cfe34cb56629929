import { expect, test } from 'vitest';
import { queuePolicySchema, ruleMaySend } from '../../../tools/aws/queue-policy.ts';

const queue = { arn: 'arn:aws:sqs:eu-west-1:000000000000:q', url: 'http://127.0.0.1/000000000000/q' };
const ruleArn = 'arn:aws:events:eu-west-1:000000000000:rule/bus/r';

const allowing = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queue.arn,
  Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
};

const policy = (...statements: object[]) =>
  queuePolicySchema.parse({ Queues: [queue.url], PolicyDocument: { Statement: statements } });

test.each([
  ['one that names queue and rule', [allowing]],
  ['one without a condition', [{ ...allowing, Condition: undefined }]],
  [
    'one with lists',
    [
      {
        ...allowing,
        Resource: ['x', queue.arn],
        Condition: { ArnEquals: { 'aws:SourceArn': ['x', ruleArn] } },
      },
    ],
  ],
  [
    'one that denies what is not encrypted',
    [
      allowing,
      {
        ...allowing,
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  ],
])('a rule may send under %s', (_, statements) => {
  expect(ruleMaySend([policy(...statements)], { queue, ruleArn })).toBe(true);
});

test.each([
  ['no policy at all', []],
  ['one for another service', [policy({ ...allowing, Principal: { Service: 'sns.amazonaws.com' } })]],
  ['one for another queue', [policy({ ...allowing, Resource: `${queue.arn}x` })]],
  [
    'one for another rule',
    [policy({ ...allowing, Condition: { ArnEquals: { 'aws:SourceArn': `${ruleArn}2` } } })],
  ],
  [
    'one that is attached elsewhere',
    [{ ...policy(allowing), Queues: ['http://127.0.0.1/000000000000/other'] }],
  ],
  ['one that allows and denies', [policy(allowing, { ...allowing, Effect: 'Deny' })]],
])('a rule may not send under %s', (_, policies) => {
  expect(ruleMaySend(policies, { queue, ruleArn })).toBe(false);
});

test.each([
  ['AWS', { Principal: { AWS: '000000000000' } }],
  ['sqs:SendMessage', { Action: 'sqs:ReceiveMessage' }],
  ['wildcards', { Resource: '*' }],
  ['wildcards', { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:*:rule/bus/*' } } }],
  ['ArnLike', { Condition: { ArnLike: { 'aws:SourceArn': ruleArn } } }],
])('what the local run does not support is refused by name: %s', (name, changes) => {
  expect(() => policy({ ...allowing, ...changes })).toThrow(name);
});
