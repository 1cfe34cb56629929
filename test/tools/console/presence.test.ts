import { expect, test } from 'vitest';
import config from '../../../bridge.config.ts';
import { budgetSchema } from '../../../lib/budget/budget.ts';
import type { weekdays } from '../../../lib/presence/agents.ts';
import { showPresence } from '../../../tools/console/state/presence.ts';

const shiftsOn = (days: readonly (typeof weekdays)[number][]) => {
  const agent = {
    agentEmail: 'liz@example.com',
    agentName: 'Liz',
    receivedFrom: 'test',
    shifts: [{ days: [...days], from: '09:00', to: '18:00', timeZone: 'UTC' }],
  };
  const presence = { ...config.presence, agents: [agent] };
  return showPresence({ ...config, presence }, budgetSchema.parse({}), 0)[0]?.shifts;
};

test.each([
  [['mon', 'tue', 'wed', 'thu', 'fri'], 'Mon–Fri'],
  [['fri', 'mon', 'wed'], 'Mon, Wed, Fri'],
  [['sat', 'sun'], 'Sat, Sun'],
  [['tue'], 'Tue'],
] as const)('a shift on %j is shown as %s', (days, shown) => {
  expect(shiftsOn(days)).toEqual([`${shown} 09:00–18:00, UTC`]);
});
