import { expect, test } from 'vitest';
import { readOptions } from '../../../tools/doctor/account.ts';

const usual = { stage: 'dev', region: 'eu-west-1', isLocal: false, pingsAgents: false };

test.each([
  [[], usual],
  [['--stage', 'prod', '--region', 'us-east-1'], { ...usual, stage: 'prod', region: 'us-east-1' }],
  [['--local'], { ...usual, stage: 'local', isLocal: true }],
  [['--stage', 'local', '--ping-agents'], { ...usual, stage: 'local', isLocal: true, pingsAgents: true }],
])('%j is understood', (args, expected) => {
  expect(readOptions(args)).toEqual(expected);
});

test.each([
  [['--stage', 'prod/../..'], 'stage: expected a stage such as prod'],
  [['--region', 'eu west'], 'region: expected a region'],
  [['--local', '--stage', 'prod'], 'stage: cannot be given with --local'],
  [['--stge', 'prod'], '--stge'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
