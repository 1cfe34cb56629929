import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { type Shift, weekdays } from '../../../lib/presence/agents.ts';
import { agentsOnShift, mostOnShift } from '../../../lib/presence/shifts.ts';

const shift = (from: string, to: string, timeZone = 'UTC', ...days: Shift['days']): Shift => ({
  days: days.length > 0 ? days : ['mon', 'tue'],
  from,
  to,
  timeZone,
});
const agents = (...shifts: (Shift | Shift[])[]) => shifts.map((each) => ({ shifts: [each].flat() }));

test('nobody is on shift where there are no agents', () => {
  expect(mostOnShift([])).toBeUndefined();
});

test('the most are counted at the start of the shift that makes them so many', () => {
  const day = agents(shift('08:00', '12:00'), shift('09:30', '18:00'), shift('11:59', '13:00'));
  expect(mostOnShift(day)).toEqual({ agents: 3, when: 'Mon 11:59 UTC' });
});

test('a shift that ends as another starts is not on at once with it', () => {
  expect(mostOnShift(agents(shift('08:00', '12:00'), shift('12:00', '18:00')))?.agents).toBe(1);
});

test('an agent counts once, however many of its shifts overlap', () => {
  expect(mostOnShift(agents([shift('08:00', '12:00'), shift('09:00', '12:00')]))?.agents).toBe(1);
});

test('a night lasts into the next day, and the week’s last into its first', () => {
  const nights = agents(shift('22:00', '06:00', 'UTC', 'sun'), shift('05:59', '07:00', 'UTC', 'mon'));
  expect(mostOnShift(nights)).toEqual({ agents: 2, when: 'Mon 05:59 UTC' });
  const apart = agents(shift('22:00', '06:00', 'UTC', 'sun'), shift('06:00', '07:00', 'UTC', 'mon'));
  expect(mostOnShift(apart)?.agents).toBe(1);
});

test('a whole day is one, to its last minute', () => {
  const day = agents(shift('00:00', '24:00', 'UTC', 'mon'), shift('23:59', '24:00', 'UTC', 'mon'));
  expect(mostOnShift(day)?.agents).toBe(2);
  const next = agents(shift('00:00', '24:00', 'UTC', 'mon'), shift('00:00', '24:00', 'UTC', 'tue'));
  expect(mostOnShift(next)?.agents).toBe(1);
});

test('shifts in different time zones meet by the sun, not by the clock', () => {
  const office = (timeZone: string) => shift('09:00', '16:00', timeZone);
  expect(mostOnShift(agents(office('Europe/Paris'), office('Asia/Tokyo')))?.agents).toBe(1);
  expect(mostOnShift(agents(office('Europe/Paris'), office('Asia/Kolkata')))?.agents).toBe(2);
  // Monday morning in Auckland is still Sunday in Honolulu.
  const islands = agents(
    shift('08:00', '10:00', 'Pacific/Auckland', 'mon'),
    shift('09:30', '11:00', 'Pacific/Honolulu', 'sun'),
  );
  expect(mostOnShift(islands)?.agents).toBe(2);
});

test('the weeks count in which one zone has changed its clock and the other has not', () => {
  // New York is six hours behind Paris, but five for some weeks in March.
  const meeting = agents(
    shift('14:00', '14:30', 'Europe/Paris'),
    shift('09:00', '09:30', 'America/New_York'),
  );
  expect(mostOnShift(meeting)).toEqual({ agents: 2, when: 'Mon 14:00 Europe/Paris' });
  expect(
    mostOnShift(agents(shift('14:00', '14:30', 'Europe/Paris'), shift('10:00', '10:30', 'America/New_York')))
      ?.agents,
  ).toBe(1);
});

const quarters = Array.from(
  { length: 96 },
  (_, quarter) =>
    `${`${Math.floor(quarter / 4)}`.padStart(2, '0')}:${`${(quarter % 4) * 15}`.padStart(2, '0')}`,
);
const anyShift = fc
  .record({
    days: fc.subarray([...weekdays], { minLength: 1, maxLength: 3 }),
    from: fc.constantFrom(...quarters),
    to: fc.constantFrom(...quarters, '24:00'),
    timeZone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Phoenix', 'Asia/Kathmandu'),
  })
  .filter(({ from, to }) => from !== to);

law.prop(
  [fc.array(fc.record({ shifts: fc.array(anyShift, { minLength: 1, maxLength: 2 }) }), { maxLength: 4 })],
  {
    numRuns: 25,
  },
)('where clocks never change, it is the most of any quarter of an hour of a week', (team) => {
  const week = Array.from({ length: 7 * 96 }, (_, quarter) => Date.UTC(2026, 0, 5) + quarter * 900_000);
  const most = Math.max(...week.map((at) => agentsOnShift(team, at).length));
  expect(mostOnShift(team)?.agents ?? 0).toBe(most);
});
