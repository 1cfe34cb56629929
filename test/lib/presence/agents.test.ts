import { expect, test } from 'vitest';
import { agentKey } from '../../../lib/presence/agents.ts';

const byEmail = (agentEmail: string) =>
  agentKey({ agentEmail, agentName: 'Shop', receivedFrom: 'bridge', shifts: [] });

test('an agent is identified by its id', () => {
  expect(agentKey({ agentId: 'd9nKoegKSjmCtyK78', shifts: [] })).toBe('d9nKoegKSjmCtyK78');
});

test('an e-mail address determines the key but is not visible in it', () => {
  expect(byEmail('shop@example.com')).toMatch(/^email:[0-9a-f]{32}$/);
  expect(byEmail('SHOP@Example.com')).toBe(byEmail('shop@example.com'));
  expect(byEmail('shop2@example.com')).not.toBe(byEmail('shop@example.com'));
});
