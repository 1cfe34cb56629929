import { expect, test } from 'vitest';
import { type Config, ConfigError, defineConfig } from '../../../lib/config/config.ts';
import type { Shift } from '../../../lib/presence/agents.ts';
import { fr } from '../../../lib/texts/fr.ts';

const office: Shift = { days: ['mon', 'tue'], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' };
const team = (...shifts: Shift[]) =>
  shifts.map((shift, index) => ({ agentId: `agent-${index}`, shifts: [shift] }));
const inOffice = (count: number) => team(...Array.from({ length: count }, () => office));

/** The reason why a configuration is refused, if it is. */
const fault = (presence: Config['presence'], requests: Partial<Config['requests']> = {}) => {
  try {
    defineConfig({ defaultLocale: 'fr', texts: { fr }, presence, requests });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replace('bridge.config.ts is not valid:\n  ', '');
  }
};

test('more agents than the limit can keep online are refused, with the calculation', () => {
  expect(fault({ agents: inOffice(3) })).toBeUndefined();
  expect(fault({ agents: inOffice(4) })).toBe(
    'presence.agents: 4 agents on shift at once (Mon 09:00 Europe/Paris) need 120 of 100 requests in 60 minutes, with a ping every two minutes; set presence.keepOnline to 3 or less',
  );
});

test('a higher limit allows more agents', () => {
  expect(fault({ agents: inOffice(4) }, { limit: 200 })).toBeUndefined();
});

test('keepOnline allows more agents, who take turns', () => {
  expect(fault({ agents: inOffice(9), keepOnline: 3 })).toBeUndefined();
  expect(fault({ agents: inOffice(9), keepOnline: 4 })).toBe(
    'presence.agents: 4 agents kept online (Mon 09:00 Europe/Paris) need 120 of 100 requests in 60 minutes, with a ping every two minutes; set presence.keepOnline to 3 or less',
  );
  expect(fault({ agents: inOffice(3), keepOnline: 9 })).toBeUndefined();
});

test('only agents who are on shift at the same time count, across time zones', () => {
  const day = (from: string, to: string, timeZone = 'Europe/Paris'): Shift => ({
    ...office,
    from,
    to,
    timeZone,
  });
  const relay = ['00:00', '06:00', '12:00', '18:00'].map((from, index, all) =>
    day(from, all[index + 1] ?? '24:00'),
  );
  expect(fault({ agents: team(...relay) })).toBeUndefined();
  const world = [day('09:00', '18:00'), day('09:00', '18:00'), day('09:00', '18:00')];
  expect(fault({ agents: team(...world, day('09:00', '17:00', 'Asia/Tokyo')) })).toContain(
    '4 agents on shift at once (Mon 09:00 Europe/Paris) need 120 of 100',
  );
  expect(fault({ agents: team(...world, day('09:00', '16:00', 'Asia/Tokyo')) })).toBeUndefined();
});

test('agents who would leave nothing for messages are refused too', () => {
  expect(fault({ agents: inOffice(2) }, { limit: 62 })).toBe(
    'presence.agents: 2 agents on shift at once (Mon 09:00 Europe/Paris) need 60 of 62 requests in 60 minutes, with a ping every two minutes, which leaves too few for anything else; set presence.keepOnline to 1 or less',
  );
});

test('agents may use the whole limit of the ping endpoint if each endpoint has its own', () => {
  expect(fault({ agents: inOffice(1) }, { limit: 32 })).toContain('1 agent on shift at once');
  expect(fault({ agents: inOffice(1) }, { limit: 32, scope: 'endpoint' })).toBeUndefined();
  expect(fault({ agents: inOffice(4) }, { scope: 'endpoint' })).toContain('need 120 of 100 requests');
});

test('a limit that is too low for any agent is refused with that reason', () => {
  expect(fault({ agents: inOffice(1) }, { limit: 20, windowSeconds: 1800 })).toBeUndefined();
  expect(fault({ agents: inOffice(1) }, { limit: 15, windowSeconds: 1800 })).toBe(
    'presence.agents: 1 agent on shift at once (Mon 09:00 Europe/Paris) needs 15 of 15 requests in 30 minutes, with a ping every two minutes, which leaves too few for anything else; leave presence.agents empty',
  );
});

test('the calculation is reported beside other faults, but not if the agents themselves are invalid', () => {
  const agents = inOffice(4);
  const wrong = { defaultLocale: 'fr', texts: { fr: { ...fr, paid: () => '' } } };
  const message = (config: object): string => {
    try {
      Reflect.apply(defineConfig, undefined, [config]);
    } catch (error) {
      return String(error);
    }
    return '';
  };
  expect(message({ ...wrong, presence: { agents } })).toMatch(
    /texts\.fr\.paid: .*\n {2}presence\.agents: 4 agents/,
  );
  expect(message({ ...wrong, presence: { agents: [...agents, {}] } })).not.toContain('4 agents');
});
