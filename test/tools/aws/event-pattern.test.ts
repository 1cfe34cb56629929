import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../tools/aws/event-pattern.ts';

const ec2Event = {
  version: '0',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: {
    'instance-id': 'i-1234567890abcdef0',
    state: 'terminated',
    'c-count': 5,
    'd-count': 3,
    'x-limit': 3.018e2,
    path: 'dir/photo.png',
    empty: '',
    nothing: null,
    done: false,
    tags: ['red', 'green'],
    none: [],
    items: [
      { sku: 'a', amount: 1 },
      { sku: 'b', amount: 9 },
    ],
    nested: { deep: { value: 1 } },
  },
};

// The forms of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
const cases: [what: string, pattern: object, matches: boolean][] = [
  ['an equal value', { source: ['aws.ec2'] }, true],
  ['one of several values', { source: ['aws.s3', 'aws.ec2'] }, true],
  ['another value', { source: ['aws.s3'] }, false],
  ['a value in other case', { source: ['AWS.ec2'] }, false],
  ['all of several fields', { source: ['aws.ec2'], detail: { state: ['terminated'] } }, true],
  ['only one of two fields', { source: ['aws.ec2'], detail: { state: ['running'] } }, false],
  ['a field that is not there', { detail: { owner: ['x'] } }, false],
  ['a number', { detail: { 'c-count': [5] } }, true],
  ['a number in another notation', { detail: { 'x-limit': [301.8] } }, true],
  ['a number given as text', { detail: { 'c-count': ['5'] } }, false],
  ['null', { detail: { nothing: [null] } }, true],
  ['null for an empty text', { detail: { empty: [null] } }, false],
  ['an empty text', { detail: { empty: [''] } }, true],
  ['a boolean', { detail: { done: [false] } }, true],
  ['an element of an array', { detail: { tags: ['green', 'blue'] } }, true],
  ['no element of an array', { detail: { tags: ['blue'] } }, false],
  ['an object in an array', { detail: { items: { sku: ['b'] } } }, true],
  ['fields of two different objects in an array', { detail: { items: { sku: ['a'], amount: [9] } } }, false],
  ['a deep field', { detail: { nested: { deep: { value: [1] } } } }, true],
  ['exists', { detail: { state: [{ exists: true }] } }, true],
  ['exists, for an absent field', { detail: { owner: [{ exists: true }] } }, false],
  ['exists false, for an absent field', { detail: { owner: [{ exists: false }] } }, true],
  ['exists false, below an absent field', { detail: { a: { b: [{ exists: false }] } } }, true],
  ['exists false, for a field', { detail: { state: [{ exists: false }] } }, false],
  ['exists, for null', { detail: { nothing: [{ exists: true }] } }, true],
  ['exists, for an intermediate node', { detail: { nested: [{ exists: true }] } }, false],
  ['exists, for an empty array', { detail: { none: [{ exists: true }] } }, false],
  ['prefix', { region: [{ prefix: 'us-' }] }, true],
  ['another prefix', { region: [{ prefix: 'eu-' }] }, false],
  ['prefix of a number', { detail: { 'c-count': [{ prefix: '5' }] } }, false],
  ['anything-but', { detail: { state: [{ 'anything-but': 'initializing' }] } }, true],
  ['anything-but itself', { detail: { state: [{ 'anything-but': 'terminated' }] } }, false],
  ['anything-but a list', { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } }, true],
  [
    'anything-but a list with it',
    { detail: { state: [{ 'anything-but': ['stopped', 'terminated'] }] } },
    false,
  ],
  ['anything-but numbers', { detail: { 'x-limit': [{ 'anything-but': [100, 200, 300] }] } }, true],
  ['anything-but, for an absent field', { detail: { owner: [{ 'anything-but': 'x' }] } }, false],
];

describe('an event matches', () => {
  test.each(cases)('%s: %j → %s', (_, pattern, matches) => {
    expect(compilePattern(pattern)(ec2Event)).toBe(matches);
  });
});

test.each([
  ['no object', ['a']],
  ['an empty object', {}],
  ['an empty list of values', { source: [] }],
  ['a bare value', { source: 'aws.ec2' }],
])('a pattern with %s is refused', (_, pattern) => {
  expect(() => compilePattern(pattern)).toThrow(/pattern|source/);
});

test.each([
  ['suffix', { path: [{ suffix: '.png' }] }],
  ['equals-ignore-case', { state: [{ 'equals-ignore-case': 'Terminated' }] }],
  ['equals-ignore-case', { region: [{ prefix: { 'equals-ignore-case': 'US-' } }] }],
  ['wildcard', { path: [{ wildcard: 'dir/*.png' }] }],
  ['numeric', { count: [{ numeric: ['>', 0] }] }],
  ['cidr', { source: [{ cidr: '10.0.0.0/24' }] }],
  ['suffix', { source: [{ prefix: 'a', suffix: 'b' }] }],
  ['anything-but":{"prefix', { state: [{ 'anything-but': { prefix: 'init' } }] }],
  ['$or', { $or: [{ source: ['a'] }] }],
])('an operator that the local run does not support is refused by name: %s', (name, pattern) => {
  const faulty = () => compilePattern({ detail: pattern });
  expect(faulty).toThrow('the local run does not support');
  expect(faulty).toThrow(name);
});
